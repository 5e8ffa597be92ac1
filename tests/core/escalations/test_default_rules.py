"""The rules of the house, said by customers in three languages."""

import pytest

from core.escalations.rules.defaults import default_rules
from core.escalations.rules.rule import Case, decide
from core.escalations.rules.triggers import read

ENGINEERING, BILLING, SUCCESS, LEGAL, PRODUCT = "engineering", "billing", "customer_success", "legal", "product"
SENTENCES = (
    ("Your website is down since 9 o'clock, we cannot sell anything!", ENGINEERING, 0, None),
    ("The whole system seems to be down again", ENGINEERING, 0, None),
    ("We have an outage in all our stores", ENGINEERING, 0, None),
    ("Eure Seite ist seit einer Stunde nicht erreichbar", ENGINEERING, 0, None),
    ("Totalausfall bei uns, keiner kann sich anmelden", ENGINEERING, 0, None),
    ("La página está caída desde esta mañana", ENGINEERING, 0, None),
    ("Se ha caído la web y no podemos vender", ENGINEERING, 0, None),
    ("I lost all my data after the update", ENGINEERING, 1, 60),
    ("Half of our orders have disappeared", ENGINEERING, 1, 60),
    ("Alle meine Daten sind plötzlich weg", ENGINEERING, 1, 60),
    ("Das ist ein Datenverlust, bitte sofort melden", ENGINEERING, 1, 60),
    ("He perdido todos mis datos", ENGINEERING, 1, 60),
    ("Mis archivos han desaparecido", ENGINEERING, 1, 60),
    ("I think my account was hacked", ENGINEERING, 1, None),
    ("Ich habe eine Sicherheitslücke gefunden", ENGINEERING, 1, None),
    ("Me han hackeado la cuenta", ENGINEERING, 1, None),
    ("This is a GDPR request: delete what you have about me", LEGAL, 1, 120),
    ("My lawyer will contact you", LEGAL, 1, 120),
    ("You use my photo, that is a copyright violation", LEGAL, 1, 120),
    ("I will sue you for this refund", LEGAL, 1, 120),
    ("Auskunft nach DSGVO, bitte", LEGAL, 1, 120),
    ("Mein Rechtsanwalt meldet sich bei Ihnen", LEGAL, 1, 120),
    ("Voy a hablar con mi abogado", LEGAL, 1, 120),
    ("Quiero ejercer mi derecho al olvido", LEGAL, 1, 120),
    ("We received a subpoena about one of your customers", LEGAL, 1, 120),
    ("Please delete all of our data", LEGAL, 1, 120),
    ("Bitte löschen Sie alle meine Daten", LEGAL, 1, 120),
    ("Quiero que borren todos mis datos", LEGAL, 1, 120),
    ("Se han borrado mis datos", ENGINEERING, 1, 60),
    ("El servidor no responde", ENGINEERING, 0, None),
    ("It says error 500 when I save", ENGINEERING, 2, 240),
    ("You charged my card twice this month", BILLING, 1, 120),
    ("There is an unauthorized charge on my card", BILLING, 1, 120),
    ("Der Betrag wurde doppelt abgebucht", BILLING, 1, 120),
    ("Me han cobrado dos veces", BILLING, 1, 120),
    ("I want a refund for the last order", BILLING, 2, None),
    ("Where is my invoice for October?", BILLING, 2, None),
    ("Die Rechnung stimmt nicht", BILLING, 2, None),
    ("Ich warte auf die Erstattung", BILLING, 2, None),
    ("Necesito la factura de octubre", BILLING, 2, None),
    ("Quiero un reembolso", BILLING, 2, None),
    ("I want to change my subscription", BILLING, 2, None),
    ("I want to cancel my subscription", SUCCESS, 1, None),
    ("Ich kündige meinen Vertrag zum Jahresende", SUCCESS, 1, None),
    ("Quiero darme de baja del servicio", SUCCESS, 1, None),
    ("The app crashes when I open the map", ENGINEERING, 2, 240),
    ("The export button is broken", ENGINEERING, 2, 240),
    ("Die Suche funktioniert seit gestern nicht mehr", ENGINEERING, 2, 240),
    ("Die App stürzt beim Öffnen immer ab", ENGINEERING, 2, 240),
    ("La aplicación no funciona en mi móvil", ENGINEERING, 2, 240),
    ("It would be great if you could show the delivery on a map", PRODUCT, 3, 1440),
    ("Könntet ihr bitte einen dunklen Modus einbauen?", PRODUCT, 3, 1440),
    ("Tengo una sugerencia para la próxima versión", PRODUCT, 3, 1440),
    ("How do I export all orders of a branch by week?", SUCCESS, 2, 240),
    ("Wo finde ich die Einstellungen für zwei Filialen?", SUCCESS, 2, 240),
    ("¿Cómo puedo añadir a un compañero?", SUCCESS, 2, 240),
    ("We would like to become a partner in Portugal", SUCCESS, 3, None),
    ("Wir haben Interesse an einer Kooperation", SUCCESS, 3, None),
    ("Nos gustaría colaborar con ustedes", SUCCESS, 3, None),
    ("We need help with onboarding for three stores", SUCCESS, 2, None),
    ("Bitte helfen Sie uns bei den ersten Schritten", SUCCESS, 2, None),
    ("Somos cliente nuevo y no sabemos por dónde empezar", SUCCESS, 2, None),
)  # fmt: skip
NOBODYS = (
    "My delivery is late again. I want to talk to a human!",
    "Hello, are you there?",
    "The frozen fish arrived broken",
    "Ich möchte bitte mit einem Menschen sprechen",
    "Quiero hablar con una persona",
    "Scroll down to the end of your page",
    "One more late delivery and I threaten to leave",
    "Das Gericht hat uns sehr geschmeckt",
)


@pytest.mark.parametrize(("said", "team", "priority", "minutes"), SENTENCES, ids=[row[0][:40] for row in SENTENCES])
def test_what_customers_say_goes_to_the_team_that_can_help(
    said: str, team: str, priority: int, minutes: int | None
) -> None:
    found = decide(Case(said, ("requested_human",), priority=1), default_rules())
    assert (found.team, found.priority, found.action.respond_within) == (team, priority, minutes), found.rule


@pytest.mark.parametrize("said", NOBODYS)
def test_what_is_nobodys_subject_stays_as_it_was(said: str) -> None:
    assert decide(Case(said, ("requested_human",), priority=1), default_rules()).rule == ""


@pytest.mark.parametrize(
    ("reason", "team"),
    [("legal", LEGAL), ("feature_request", PRODUCT), ("refund", BILLING), ("data_loss", ENGINEERING), ("how-to", SUCCESS)],
)  # fmt: skip
def test_the_reason_alone_is_enough(reason: str, team: str) -> None:
    assert decide(Case("", (reason,)), default_rules()).team == team


def test_every_trigger_of_the_house_can_be_read() -> None:
    for rule in default_rules():
        for trigger in rule.conditions.triggers:
            assert read(trigger.type, trigger.value)(Case()) in (True, False)
