"""Rerun, audit and reuse of a Delphi study on smart government and smart city."""
