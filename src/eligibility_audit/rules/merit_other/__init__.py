"""Rules on other people with merit, and on benefits of several programmes paid to one person."""
