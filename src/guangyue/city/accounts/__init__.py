"""Signing in and staying signed in: lockout, second factor, session limits, password rules, tokens (登录与会话)."""
