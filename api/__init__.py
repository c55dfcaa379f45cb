"""The service of Wijkaanpak over HTTP: advice, explanation and knowledge."""

# The full version of the API, apart from that of the code: its first number is the one in the path.
API_VERSION = "1.1.0"
BASE_PATH = "/v1"
