"""The traffic police's platform (公安交管集成指挥平台): what a reviewer approved is uploaded there, exactly once in effect."""
