"""Words and labels shared by claims, figures and report."""
