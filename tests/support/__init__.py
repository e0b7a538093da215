"""What tests stand on: real databases, and builders with the field's names."""
