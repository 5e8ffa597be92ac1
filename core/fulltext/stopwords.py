"""Words that say nothing about what a text is about, in the languages customers write."""

_EN = """
a about after all also am an and any are as at be because been before but by can cannot could did do does
doing done for from get give go got had has have he hello help her hey hi him his how i if in into is it its just know
let like may me might more much my need no not now of off ok on one or our out please say see shall she should so some
tell than thank thanks that the their them then there these they this those to too try up us very want was we well
were what when where which who why will with would yes you your
"""
_DE = """
aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bitte bist brauche da danke dann das
dass dein dem den denn der des die dies diese diesem diesen dieser dieses doch dort du ein eine einem einen einer
eines er es etwas euch euer für gibt guten haben hallo hat hatte hier ich ihr ihre ihren im in ist ja jetzt kann
kannst kein keine können könnte können man mein meine meinem meinen meiner mich mir mit möchte moin muss nach nein
nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so soll tag über um und uns unser unsere vom von vor war
warum was weil welche wenn wer werden wie will wir wird wo wurde zu zum zur
"""
_ES = """
a al algo alguna alguno ante antes aquí así ayuda buenas buenos como cómo con cual cuál cuando cuándo de del desde
donde dónde dos días e el él ella ellos en era es esa ese eso esta está estaba están estas este esto estoy favor fue
gracias ha había hace hacer haber hay he hola la las le les lo los me mi mis mucho muy más necesito ni no nos nosotros
o os otra otro para pero por porque puede pueden puedo que qué quien quiero saber se ser si sí sin sobre son soy su
sus también te tengo ti tiene tienen todo tu tus un una uno usted ustedes y ya yo
"""
STOPWORDS = {"en": frozenset(_EN.split()), "de": frozenset(_DE.split()), "es": frozenset(_ES.split())}
