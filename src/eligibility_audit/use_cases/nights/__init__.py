"""The same audit every night: what is kept between nights, what is told of a night, and who hears that one failed."""
