"""The paper's claims, judged by stated rules."""
