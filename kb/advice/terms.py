"""The classes and properties of the ontology that an advice is composed of, each declared once."""

from pyoxigraph import NamedNode

from kb.advice.model import Koppelsoort
from kb.names import declared

# What the rules conclude about a situation: the sections of an advice.
HEEFT_LEIDENDE_TRANSITIE = declared("heeftLeidendeTransitie")
HEEFT_MEDESPELER = declared("heeftMedespeler")
HEEFT_LEIDGROND = declared("heeftLeidgrond")
HEEFT_RELEVANTE_OPGAVE = declared("heeftRelevanteOpgave")
HEEFT_LEIDENDE_OPGAVE = declared("heeftLeidendeOpgave")
HEEFT_VOLGENDE_OPGAVE = declared("heeftVolgendeOpgave")
HEEFT_LOSSE_OPGAVE = declared("heeftLosseOpgave")
HEEFT_DEELOPGAVE = declared("heeftDeelopgave")
HEEFT_STILLE_AANLEIDING = declared("heeftStilleAanleiding")
HEEFT_KANSRIJKE_MEELIFTKANS = declared("heeftKansrijkeMeeliftkans")
HEEFT_MEELIFTKANS = declared("heeftMeeliftkans")
HEEFT_GEVRAAGDE_OPGAVE = declared("heeftGevraagdeOpgave")
HEEFT_NODIGE_OPGAVE = declared("heeftNodigeOpgave")
HEEFT_GEBRUIKELIJKE_OPGAVE = declared("heeftGebruikelijkeOpgave")
HEEFT_VERVALLEN_OPGAVE = declared("heeftVervallenOpgave")
HEEFT_WEERSPROKEN_OPGAVE = declared("heeftWeersprokenOpgave")
HEEFT_PLAATS = declared("heeftPlaats")
HEEFT_KLEVING = declared("heeftKleving")
HEEFT_KOPPELKANS = declared("heeftKoppelkans")
HEEFT_STERKE_KOPPELKANS = declared("heeftSterkeKoppelkans")
HEEFT_MEELIFTKOPPELING = declared("heeftMeeliftkoppeling")
HEEFT_KOPPELCONCEPT = declared("heeftKoppelconcept")
HEEFT_COMBINATIE = declared("heeftCombinatie")
HEEFT_CONFLICT = declared("heeftConflict")
HEEFT_WAARSCHUWING = declared("heeftWaarschuwing")
HEEFT_UITWEG_KANS = declared("heeftUitwegKans")
HEEFT_OPLOSSING = declared("heeftOplossing")
HEEFT_VERVOLGOPLOSSING = declared("heeftVervolgoplossing")
HEEFT_ORGANISATIEVORM = declared("heeftOrganisatievorm")
HEEFT_BEHOEFTE, ROEPT_OP = declared("heeftBehoefte"), declared("roeptOp")
HEEFT_SCHAARSTE, VERLICHT_SCHAARSTE = declared("heeftSchaarste"), declared("verlichtSchaarste")
SCHAARS_MIDDEL = declared("SchaarsMiddel")
HEEFT_PASSEND_INSTRUMENT = declared("heeftPassendInstrument")
HEEFT_MOGELIJK_INSTRUMENT = declared("heeftMogelijkInstrument")
HEEFT_KOMEND_INSTRUMENT = declared("heeftKomendInstrument")
HEEFT_BIJNA_PASSEND_INSTRUMENT = declared("heeftBijnaPassendInstrument")
HEEFT_PASSENDE_AANBEVELING = declared("heeftPassendeAanbeveling")
LIJKT_OP = declared("lijktOp")
HEEFT_VOORBEELD = declared("heeftVoorbeeld")
HEEFT_SIGNAAL = declared("heeftSignaal")
HEEFT_AFGELEID_KENMERK = declared("heeftAfgeleidKenmerk")
HEEFT_VERVALLEN_AANLEIDING = declared("heeftVervallenAanleiding")
HEEFT_GELDENDE_AANLEIDING = declared("heeftGeldendeAanleiding")
GELDT_KENMERK = declared("geldtKenmerk")
HEEFT_OPENING = declared("heeftOpening")
HEEFT_LOPEND_WERK, HEEFT_WERK_ZONDER_OPENING = map(declared, ("heeftLopendWerk", "heeftWerkZonderOpening"))
KAN_SAMEN_SCHUIVEN = declared("kanSamenSchuiven")
GAAT_OM_DEEL, STAAT_OP_ZICHZELF = declared("gaatOmDeel"), declared("staatOpZichzelf")
OPENT_ELEMENT = declared("opentElement")
HEEFT_STAP = declared("heeftStap")
KENT_NIET_VOORWAARDE = declared("kentNietVoorwaarde")
MIST_VOORWAARDE = declared("mistVoorwaarde")

# The ways in which a pair of tasks couples, the surest first.
KOPPELT_IN: dict[Koppelsoort, NamedNode] = {
    "ruimte": declared("koppeltInRuimte"),
    "tijd": declared("koppeltInTijd"),
    "programma": declared("koppeltInProgramma"),
    "systeem": declared("koppeltInSysteem"),
    "praktijk": declared("koppeltInPraktijk"),
    "mogelijkeRuimte": declared("koppeltInMogelijkeRuimte"),
}
KOPPELT_NA_SCHUIVEN = declared("koppeltNaSchuiven")

# What the knowledge says of the individuals that are concluded.
ACTIVEERT, MAAKT_NODIG = declared("activeert"), declared("maaktNodig")
HOORT_BIJ = declared("hoortBij")
IS_DEEL_VAN_OPGAVE = declared("isDeelVanOpgave")
IS_GROND_VAN, OP_GROND = declared("isGrondVan"), declared("opGrond")
IS_PLAATS_VAN, STAAT_OP_AFSTAND, AANTAL_STAPPEN = map(declared, ("isPlaatsVan", "staatOpAfstand", "aantalStappen"))
HEEFT_VOLGER, KLEEFT_AAN_OPGAVE, VIA_KOPPELING = map(declared, ("heeftVolger", "kleeftAanOpgave", "viaKoppeling"))
KOPPELT_OPGAVE, VERLOOPT_VIA, OP_ELEMENT = map(declared, ("koppeltOpgave", "verlooptVia", "opElement"))
VAN_WERKSOORT, VAN_ELEMENT, IS_ONDERDEEL_VAN = map(declared, ("vanWerksoort", "vanElement", "isOnderdeelVan"))
BOTST_TUSSEN, RAAKT_OPGAVE, VRAAGT_KEUZE = map(declared, ("botstTussen", "raaktOpgave", "vraagtKeuze"))
HEEFT_UITWEG, DOOR_OPLOSSING = declared("heeftUitweg"), declared("doorOplossing")
DIENT_OPGAVE, MAAKT_MOGELIJK = declared("dientOpgave"), declared("maaktMogelijk")
EERST_OPGAVE, DAN_OPGAVE = declared("eerstOpgave"), declared("danOpgave")
KOPPELT_MET_WERK, VOERT_UIT = declared("koppeltMetWerk"), declared("voertUit")
BLIJKT_UIT_WERK, DOET_HIER_MEER = declared("blijktUitWerk"), declared("doetHierMeer")
VAN_OPGAVE, VRAAGT_BETROKKENE = declared("vanOpgave"), declared("vraagtBetrokkene")
VORMEN = (declared("CentraleOrganisatie"), declared("DecentraleOrganisatie"))
VOORZIET_IN, VEREIST, HELPT_OPGAVE, VOORAL_BIJ_KENMERK = map(
    declared, ("voorzietIn", "vereist", "helptOpgave", "vooralBijKenmerk")
)
DOET_MEE, DOET_NIET_MEE, VRIJWEL_ALTIJD_AAN_TAFEL = map(declared, ("doetMee", "doetNietMee", "vrijwelAltijdAanTafel"))
EIST_KENMERK, WIJST_OP_KENMERK, HEEFT_KENMERK = map(declared, ("eistKenmerk", "wijstOpKenmerk", "heeftKenmerk"))
HEEFT_INSTRUMENTSOORT, UITGEVOERD_DOOR, OP_SCHAAL = map(
    declared, ("heeftInstrumentsoort", "uitgevoerdDoor", "opSchaal")
)
VRAAGT_EERST, PLAATSELIJK = declared("vraagtEerst"), declared("plaatselijk")
TERMIJN, BEDRAG, BENODIGD, VALKUIL = map(declared, ("termijn", "bedrag", "benodigd", "valkuil"))
HOORT_IN_FASE, KOMT_NA_FASE, FASE = declared("hoortInFase"), declared("komtNaFase"), declared("Fase")

# Known wijken.
KOPPELDE, KREEG_CONFLICT, GEBRUIKTE_INSTRUMENT = map(declared, ("koppelde", "kreegConflict", "gebruikteInstrument"))
HEEFT_AFLOOP, LES, IN_GEMEENTE = declared("heeftAfloop"), declared("les"), declared("inGemeente")
HAD_LEIDENDE_TRANSITIE, PAKTE_OPGAVE_OP = declared("hadLeidendeTransitie"), declared("pakteOpgaveOp")
HAD_AANLEIDING, HAD_KENMERK, HAD_BETROKKENE = map(declared, ("hadAanleiding", "hadKenmerk", "hadBetrokkene"))
HEEFT_CIJFER, CIJFERWAARDE, CIJFEREENHEID, IN_JAAR = map(
    declared, ("heeftCijfer", "cijferwaarde", "cijfereenheid", "inJaar")
)

# How lists are ranked.
CRITERIUM, RANGSCHIKT, VOLGT_UIT_EIGENSCHAP, VOLGNUMMER = map(
    declared, ("Criterium", "rangschikt", "volgtUitEigenschap", "volgnummer")
)
