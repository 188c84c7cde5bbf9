"""A living demo bank: three journeys, seeded evidence, planted pains (docs/demo.md)."""
