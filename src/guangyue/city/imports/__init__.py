"""Taking over what the city already has: boundaries and address lists, checked row by row (数据导入)."""
