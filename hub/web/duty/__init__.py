"""Being on duty and being reached: hand over, readiness, the board, and the days to come."""
