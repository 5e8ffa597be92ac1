"""What a new client starts with: what can break, how urgent it usually is, what one must know to mend it, what people call it."""

from dataclasses import dataclass

RESPONSE_MINUTES = (60, 240, 1440, 2880)
RESOLUTION_MINUTES = (240, 1440, 2880, 4320)
"""For critical, high, normal and low."""


@dataclass(frozen=True, slots=True)
class Default:
    """`words`: in English, Spanish and German, separated by commas; words of one phrase may stand anywhere in what is said."""

    code: str
    name: str
    skill: str
    usual_priority: int
    words: str


CATEGORY = ("cooling", "Cooling Equipment Problems")
SUBCATEGORIES = (
    Default(
        "cold-chambers",
        "Cold Chambers",
        "cooling",
        1,
        "cold room, cold chamber, cold store, coldroom, walk in, freezer room, chamber door, cámara fría, cámara frigorífica, "
        "cámara, kühlraum, kühlzelle, tiefkühlraum, kühlhaus",
    ),
    Default(
        "glass-repair",
        "Glass Repair",
        "glass",
        2,
        "glass, broken glass, glass door, cracked, crack, shattered, pane, window, cristal, cristal roto, vidrio, vidrio roto, "
        "glas, glastür, scheibe, scheibe kaputt, gesprungen, sprung",
    ),
    Default(
        "temperature-control",
        "Temperature Control",
        "cooling",
        1,
        "temperature, thermostat, degrees, too warm, too cold, not cold, not cold enough, getting warm, warm, not cooling, "
        "not freezing, thawing, melting, defrost, temperatura, termostato, grados, caliente, no enfría, no congela, derrite, "
        "temperatur, grad, zu warm, zu kalt, kühlt nicht, taut",
    ),
    Default(
        "leaking-water",
        "Leaking Water",
        "cooling",
        1,
        "leak, leaking, leaks, water, water on floor, dripping, drips, drip, puddle, flood, flooding, wet, fuga, fuga agua, agua, "
        "gotea, goteando, charco, inundado, wasser, leck, undicht, tropft, läuft aus, pfütze",
    ),
    Default(
        "not-working",
        "Equipment Not Working",
        "cooling",
        1,
        "not working, doesn't work, does not work, stopped, stopped working, not turning on, won't start, does not start, dead, "
        "broken, broke down, out of order, no power, tripped, switched off by itself, no funciona, averiado, roto, se apagó, "
        "no arranca, funktioniert nicht, geht nicht, kaputt, ausgefallen, defekt, springt nicht an",
    ),
    Default(
        "noise",
        "Noise/Vibration",
        "cooling",
        3,
        "noise, noisy, loud, rattling, rattles, vibration, vibrating, vibrates, humming, buzzing, squeaking, banging, ruido, "
        "ruidoso, vibra, vibración, zumbido, lärm, laut, geräusch, vibriert, brummt, klappert, quietscht",
    ),
)

URGENT = (
    "urgent, urgently, emergency, immediately, asap, spoiling, spoil, melting, thawing, flood, flooding, flooded, smoke, sparks, "
    "fire, dangerous, everything, all freezers, whole store, urgente, emergencia, inmediatamente, derritiendo, inundado, humo, "
    "peligroso, todo, dringend, notfall, sofort, verdirbt, schmilzt, überschwemmt, rauch, funken, gefährlich, alles"
)
EASY = (
    "not urgent, no hurry, no rush, when possible, a bit, little bit, slightly, sometimes, now and then, whenever, sin prisa, "
    "no urgente, un poco, a veces, cuando puedan, nicht dringend, keine eile, ein bisschen, manchmal, leicht, gelegentlich"
)
"""Words that make a report critical, or one step less urgent than such things usually are."""
