"""Rules on the list of poor and near-poor households: questions to the commune, never a stop."""
