"""What customers say when a human should look: by reason, in English, German and Spanish. Parts of regular expressions.

Customers mix languages, so all of them are looked for, whichever the customer's is.
"""

CAUSE_WORDS: dict[str, tuple[str, ...]] = {
    "legal": (
        r"(?:my |our |a |an |the )?(?:lawyers?|attorneys?|solicitors?|barristers?)",
        r"(?:sue|suing) (?:you|them|your|this|the)", r"(?:will|to|going to|shall) sue", r"law ?suit",
        r"legal (?:action|steps|claim|proceedings)",
        r"(?:take|taking|see) (?:you|them|this) (?:to|in) court", r"small claims", r"subpoena(?:ed)?", r"court order",
        r"gdpr",
        r"data protection (?:authority|officer|complaint)", r"consumer protection",
        r"copyright (?:infringement|violation|claim)",
        r"(?:rechts)?anw[aä]lt(?:e|en|in|innen)?", r"verklage[nt]?", r"klage (?:einreichen|erheben)", r"vor gericht",
        r"gerichtlich\w*",
        r"rechtliche schritte", r"juristisch\w*", r"dsgvo", r"verbraucher(?:schutz|zentrale)", r"abmahnung", r"strafanzeige",
        r"abogad[oa]s?", r"voy a demandar\w*", r"demandar(?:é|emos|los|les|os)", r"(?:una|poner|interponer) demanda",
        r"demanda judicial",
        r"acciones? legal(?:es)?", r"(?:los |el )?(?:juzgados?|tribunal(?:es)?)", r"denunciar(?:é|los|les)?", r"rgpd",
        r"hoja de reclamaciones",
        r"organización de consumidores",
    ),
    "cancellation": (
        r"cancel(?:l?ing|lation)?",
        r"(?:end|terminate|stop|quit) (?:my|our|the|this) (?:contract|subscription|account|membership|service|plan)",
        r"unsubscribe", r"close (?:my|our|the) account", r"not (?:renew|extend)(?:ing)?", r"leaving you(?:r service)?",
        r"kündig\w*", r"gekündigt", r"stornier\w*", r"storno", r"vertrag (?:beenden|auflösen)", r"nicht verlängern",
        r"konto (?:löschen|schließen)",
        r"abbestellen", r"cancel(?:ar|o|en|ación|amos|arlo|arla)",
        r"(?:dar|darme|darnos|doy|damos|quiero) (?:de|la) baja", r"anular(?:lo|la)?",
        r"rescindir", r"cerrar (?:mi|nuestra|la) cuenta", r"no (?:quiero |queremos |vamos a |voy a )?renovar",
    ),
    "competitor": (
        r"competitors?",
        r"(?:switch|chang|mov|go)(?:e|ing)? (?:over )?to (?:another|a different|someone else|somebody else)",
        r"(?:another|different|other|new) (?:provider|supplier|company|vendor)",
        r"(?:better|cheaper) (?:offer|price|deal) (?:elsewhere|from|at|somewhere)",
        r"konkurren(?:z|t|ten)", r"mitbewerber\w*", r"wettbewerber\w*",
        r"ander(?:en|er|em) (?:anbieter|lieferant(?:en)?|firma)",
        r"anbieter wechseln", r"(?:besseres|günstigeres) angebot", r"woanders (?:günstiger|billiger|kaufen|bestellen)",
        r"(?:la |su |vuestra )?competencia", r"otr[oa] (?:proveedor|empresa|compañía|suministrador)",
        r"cambiar(?:me|nos)? de (?:proveedor|compañía|empresa)",
        r"mejor oferta", r"más barato en",
    ),
    "executive": (
        r"(?:vice[- ]president|managing director|chief \w+ officer|chair(?:man|woman)? of the board|board of directors)",
        r"(?:our|the|their|am|as|is) (?:ceo|cfo|coo|vp|svp)",
        r"(?:speak|talk) (?:to|with) (?:your|the) (?:management|director|ceo|boss)",
        r"vizepräsident(?:in)?", r"geschäftsf(?:ü|ue)hr(?:er|erin|ung)", r"vorstand(?:es|s)?", r"aufsichtsrat",
        r"vicepresident[ea]", r"director[a]? general", r"consejer[oa] delegad[oa]", r"consejo de administración",
    ),
    "complaint": (
        r"(?:file|make|raise|lodge|submit) (?:a |an )?(?:formal |official )?complaint", r"(?:formal|official) complaint",
        r"unacceptable",
        r"beschwer(?:de|en|e) (?:einreichen|mich|uns|einlegen)", r"(?:mich|uns) beschweren", r"offizielle beschwerde",
        r"eine beschwerde", r"inakzeptabel",
        r"unzumutbar", r"(?:poner|presentar|hacer) una (?:queja|reclamación)", r"queja formal", r"inaceptable",
    ),
}  # fmt: skip

TROUBLE_WORDS: tuple[str, ...] = (
    r"problems?", r"broken?", r"(?:doesn['’]?t|does not|not|isn['’]?t|stopped) work(?:ing)?", r"wrong", r"late",
    r"missing", r"damaged",
    r"refund", r"overcharged", r"error", r"fail(?:ed|s|ure)?", r"defective", r"faulty", r"delay(?:ed|s)?",
    r"urgent(?:ly)?", r"asap",
    r"(?:is|are|goes|went|gone) down",
    r"never (?:arrived|came)", r"still (?:waiting|no|not)", r"leak(?:s|ing)?", r"outage",
    r"problem(?:e|en)?", r"kaputt", r"defekt\w*", r"geht nicht", r"funktioniert (?:\w+ )?nicht", r"falsch\w*",
    r"zu spät", r"verspät\w+", r"fehlt",
    r"fehlen", r"beschädigt\w*", r"rückerstattung", r"geld zurück", r"fehler\w*", r"dringend\w*", r"ausgefallen",
    r"ausfall", r"undicht",
    r"noch (?:immer )?nicht", r"noch nichts", r"problemas?", r"rot[oa]s?", r"no funcionan?", r"estropead[oa]s?",
    r"averiad[oa]s?", r"avería",
    r"(?:va|van|muy|funciona) mal", r"(?:llega|llegó|llegan|muy|demasiado) tarde", r"falta(?:n)?", r"dañad[oa]s?",
    r"reembolso", r"devolución", r"cobrad[oa] de más", r"errores", r"retraso", r"urgente",
    r"caíd[oa]", r"no ha(?:n)? llegado", r"sigo esperando", r"todavía no",
)  # fmt: skip

DENIES_BEFORE = r"(?:not|\w+n['’]t|dont|cannot|never|no|without|nicht|nie|niemals|kein\w*|ohne|sin|nunca|tampoco)"
DENIES_AFTER = r"(?:nicht|nie|niemals)"
"""German says it behind the verb: ‘ich kündige nicht’."""
