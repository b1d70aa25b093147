"""References: what is known of published encoders, and what a component is held against."""
