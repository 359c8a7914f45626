"""The endings that make a bare word a web address for Telegram."""

COUNTRIES_WORDS = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca
    cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo
    fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je
    jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo
    mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt
    pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj
    tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
COUNTRIES = frozenset(COUNTRIES_WORDS.split())
GENERAL_WORDS = """
    academy agency app archi army art asia associates bank bar best bid bike bio biz black blog blue boo books
    bot build business buzz cab cafe camera camp capital cards care career cash cat center ceo chat cheap church
    city click cloud club codes coffee college com community company computer consulting contact contractors
    cool coop country credit cricket dad date day deals degree delivery democrat dental design dev diamonds
    digital direct directory discount docs dog domains download earth education email energy engineer
    engineering enterprises equipment estate events exchange expert exposed express fail faith family fans farm
    fashion finance financial fish fit flights foo football forum foundation fun fund futbol gallery game games
    garden gift gifts gives global gold golf google graphics gratis green group guide guru health help here
    holdings holiday host hosting house how info ink institute insure international investments jobs kim kitchen
    land law lawyer lease legal life lighting limited limo link live loan lol london love ltd management map
    market marketing mba media meet meme men menu mil mobi mobile moe money mov movie museum name navy net
    network new news ngo ninja now observer office one ong onl online open org page paris parts party pet phd
    photo photography photos physio pics pictures pink pizza place plumbing plus poker press pro productions
    prof properties property pub quebec racing radio realty red ren rentals repair report rest restaurant review
    reviews rich rip rocks rodeo run sale school science secure services sex shop show site sky soccer social
    software solar solutions space store stream studio study style supplies supply support surf systems tax taxi
    team tech technology tel theater tips today tools top tours town toys trade training travel tube university
    uno vacations ventures vet video villas vip vision vote voting wang watch web webcam website wedding wiki
    win wine work works world wtf xyz yoga zip zone aero arpa edu gov int post swiss wales
"""
GENERAL = frozenset(GENERAL_WORDS.split())


def is_known(ending: str) -> bool:
    """Whether a last label counts; `Com` does not, so that a missing space after a full stop makes no address."""
    lower = ending.lower()
    if ending != lower and ending[:1] != lower[:1] and ending[1:] == lower[1:]:
        return False
    return lower in COUNTRIES or lower in GENERAL or lower.startswith("xn--")
