"""Pure algorithms, arrays in and arrays out: fraud, roads, patrol, series. They know the law and nothing else of the house."""
