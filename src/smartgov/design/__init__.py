"""What a panel of m raters and n items can see: simulated panels, counted over a grid."""
