"""The properties with which rules say something about two works of one situation."""

from kb.names import declared

EERSTE_WERKSOORT, TWEEDE_WERKSOORT = map(declared, ("eersteWerksoort", "tweedeWerksoort"))
BEIDE_OPENEN = declared("beideOpenen")
HEEFT_SAMENLOOP = declared("heeftSamenloop")
KAN_EERSTE_LATEN_WACHTEN, KAN_TWEEDE_VERVROEGEN = map(declared, ("kanEersteLatenWachten", "kanTweedeVervroegen"))
KAN_BEIDE_SCHUIVEN = declared("kanBeideSchuiven")
KAN_OPENING_DELEN = declared("kanOpeningDelen")
HEEFT_RUSTBOTSING = declared("heeftRustbotsing")
HEEFT_ZWARE_RUSTBOTSING, HEEFT_LICHTE_RUSTBOTSING = map(declared, ("heeftZwareRustbotsing", "heeftLichteRustbotsing"))
KAN_VOORBIJ_LATEN_GAAN = declared("kanVoorbijLatenGaan")
OORDEELSOORT, OORDEELT_OVER, OORDEEL_VAN_SOORT = map(declared, ("Oordeelsoort", "oordeeltOver", "oordeelsoort"))
GELDIG_OORDEEL, VERVALLEN_OORDEEL = map(declared, ("GeldigOordeel", "VervallenOordeel"))
PARTIJOORDEEL, ONGETOETST_OORDEEL = map(declared, ("Partijoordeel", "OngetoetstOordeel"))
ZOEKAFSTAND, TEN_HOOGSTE_METER = map(declared, ("Zoekafstand", "tenHoogsteMeter"))
WERKPAAR, RUSTCONFLICT = declared("Werkpaar"), declared("Rustconflict")

# What is told of two works, in this order.
FINDINGS = (
    HEEFT_SAMENLOOP,
    KAN_EERSTE_LATEN_WACHTEN,
    KAN_TWEEDE_VERVROEGEN,
    KAN_BEIDE_SCHUIVEN,
    KAN_OPENING_DELEN,
    HEEFT_RUSTBOTSING,
    HEEFT_ZWARE_RUSTBOTSING,
    HEEFT_LICHTE_RUSTBOTSING,
    KAN_VOORBIJ_LATEN_GAAN,
)
