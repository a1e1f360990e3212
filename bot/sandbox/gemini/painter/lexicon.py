"""The English words the offline painter understands."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from bot.sandbox.gemini.painter.colours import NAMED, TONES

Entry = tuple[str, str]  # (what sort of word, what it means)

# In all tables: meaning -> the words for it, separated by commas.
THINGS: Mapping[str, str] = MappingProxyType({
    "dog": "dog, puppy, hound, doggy, corgi, labrador, poodle, terrier",
    "cat": "cat, kitten, kitty, tomcat", "rabbit": "rabbit, bunny, hare",
    "bird": "bird, seagull, gull, swallow, parrot, eagle, pigeon, dove, sparrow, crow",
    "duck": "duck, duckling, swan, goose, geese", "fish": "fish, fishes, goldfish, salmon, trout",
    "butterfly": "butterfly, moth", "penguin": "penguin", "horse": "horse, pony, foal, stallion, mare",
    "cow": "cow, bull, calf", "sheep": "sheep, lamb", "frog": "frog, toad", "elephant": "elephant",
    "fox": "fox, vixen", "whale": "whale, dolphin, orca",
    "person": "person, people, man, men, woman, women, girl, boy, child, children, kid, lady, gentleman, guy, friend,"
              "somebody, someone, hiker, farmer, sailor, gardener, human",
    "snowman": "snowman, snowmen", "robot": "robot, android",
    "tree": "tree, oak, maple, birch, apple tree", "pine": "pine, pine tree, fir, fir tree, spruce, christmas tree",
    "palm": "palm, palm tree, coconut tree",
    "flower": "flower, rose, tulip, daisy, poppy, sunflower, blossom, daisies, poppies, wildflower",
    "bush": "bush, shrub, hedge", "cactus": "cactus, cacti", "mushroom": "mushroom, toadstool",
    "rock": "rock, stone, boulder", "campfire": "campfire, bonfire, fire, camp fire",
    "house": "house, cottage, home, hut, cabin, barn, villa, farmhouse, farm",
    "castle": "castle, palace, fortress", "tent": "tent", "lighthouse": "lighthouse, light house",
    "windmill": "windmill, mill", "bridge": "bridge", "sign": "sign, signpost, billboard, sign board, wooden sign",
    "fence": "fence", "boat": "boat, ship, sailboat, sailing boat, yacht, sailing ship, rowboat",
    "car": "car, automobile, taxi, vehicle", "balloon": "balloon, hot air balloon, air balloon, hot-air balloon",
    "plane": "plane, airplane, aeroplane, jet, aircraft", "rocket": "rocket, spaceship, space ship",
    "ufo": "ufo, flying saucer, saucer", "kite": "kite", "bicycle": "bicycle, bike",
    "pot": "pot, saucepan, cauldron, soup", "bowl": "bowl, salad", "plate": "plate, dish, meal, paella",
    "vegetable": "vegetable, tomato, tomatoes, pepper, fruit, apple, onion", "cup": "cup, mug, coffee, tea",
    "cake": "cake, birthday cake", "knife": "knife, cutting board",
    "sun": "sun, sunshine, sunny", "moon": "moon, moonlit, full moon", "cloud": "cloud, cloudy",
})  # fmt: skip
HATS: Mapping[str, str] = MappingProxyType({"hat": "hat, cap, top hat, sun hat, straw hat, party hat, woolly hat"})
LANDS: Mapping[str, str] = MappingProxyType({
    "sea": "sea, ocean, seaside, coast, bay, waves, water", "lake": "lake, pond, lakeside",
    "river": "river, stream, creek, brook", "mountains": "mountain, alps, peak, mountainous",
    "hills": "hill, valley, hilly", "forest": "forest, woods, jungle, woodland",
    "beach": "beach, sandy beach, shore, sand", "meadow": "meadow, field, grass, lawn, garden, park, countryside",
    "desert": "desert, dune", "city": "city, town, skyline, skyscraper, buildings, downtown",
    "road": "road, street, path, highway, lane", "snowland": "winter, wintry, snowy landscape, arctic, antarctica",
    "autumn": "autumn, autumnal, fall colours, fall colors", "kitchen": "kitchen, table",
    "sky": "sky, skies, heaven", "ground": "ground, land, floor, soil",
    "background": "background, backdrop", "wall": "wall, walls",
})  # fmt: skip
HOURS: Mapping[str, str] = MappingProxyType({
    "night": "night, midnight, nighttime, nightfall, night time",
    "sunset": "sunset, dusk, evening, twilight, golden hour, sundown",
    "morning": "morning, dawn, sunrise, daybreak", "day": "day, daytime, noon, midday, daylight, day time",
})  # fmt: skip
WEATHERS: Mapping[str, str] = MappingProxyType({
    "rain": "rain, rainy, raining, drizzle, rainfall", "snow": "snow, snowing, snowy, snowfall, snowflake, blizzard",
    "fog": "fog, foggy, mist, misty, haze, hazy", "storm": "storm, stormy, thunder, thunderstorm, lightning",
    "rainbow": "rainbow", "stars": "star, starry, starlit", "aurora": "aurora, northern lights, aurora borealis",
    "clear": "clear sky, clear weather, good weather, summer, summery, summertime",
})  # fmt: skip
FINISHES: Mapping[str, str] = MappingProxyType({
    "mono": "black and white, black & white, b&w, greyscale, grayscale, monochrome, black-and-white, noir",
    "sepia": "sepia, vintage, old photo, look old, looks old, look older, antique, retro,"
             " old-fashioned, old photograph",
    "invert": "invert, inverted, negative", "warm": "warmer, warm, cozy, cosy, warm colours, warm colors",
    "cool": "cooler, cool, colder, cold", "bright": "brighter, brighten, lighter, lighten, bright",
    "dark": "darker, darken, gloomy, moodier, moody, dark", "blur": "blur, blurry, blurred, blurrier, out of focus",
    "dreamy": "dreamy, dreamlike, magical, glowing, ethereal", "sharpen": "sharper, sharpen, crisper, crisp",
    "contrast": "contrast, more contrast, dramatic, punchier", "soft": "less contrast, softer, soft",
    "vivid": "vivid, vibrant, more colourful, more colorful, colourful, colorful, saturated, more vivid",
    "muted": "muted, desaturated, less colourful, less colorful, faded", "vignette": "vignette",
    "mirror": "mirror, mirrored, flip, flipped, flip horizontally, mirror image, flip it horizontally",
    "flip": "upside down, upside-down, flip vertically, flip it vertically, on its head",
    "rotate": "rotate, rotated", "pixel": "pixel art, pixelated, pixelate, pixels, 8-bit, 8 bit, pixel, voxel",
    "sketch": "sketch, pencil, pencil sketch, pencil drawing, line art, line drawing, charcoal",
    "poster": "poster, pop art, screen print, comic, comic book",
    "watercolour": "watercolour, watercolor, oil painting, as a painting, like a painting, impressionist, aquarelle",
})  # fmt: skip
VERBS: Mapping[str, str] = MappingProxyType({
    "add": "add, put, place, draw, insert, include, give, plant, show, park, adding, need, want, sketch in",
    "remove": "remove, delete, erase, take away, get rid of, without, no, instead of, hide, take out, lose, removing,"
              " no more",
    "make": "make, turn, set, let, colour, color, paint, recolour, recolor, tint, dye, making, render, transform",
    "change": "change, replace, swap, substitute, exchange",
    "grow": "bigger, larger, enlarge, grow, taller, huger, twice as big, scale up, greater",
    "shrink": "smaller, shrink, tinier, reduce, scale down, half as big, shorter",
    "move": "move, shift, push, slide, bring",
    "write": "write, caption, title, label, write the words, add the words, add the text, add text,"
             "the words, the text, put the words, put the text, words, text, writing",
    "frame": "frame, border, picture frame, framed",
    "blend": "blend, combine, merge, mix, collage, blended, work in, work into, work it in, put together",
    "overlay": "overlay, double exposure, superimpose, half-transparent, transparent",
    "beside": "side by side, next to each other, diptych, split screen",
})  # fmt: skip
PLACES: Mapping[str, str] = MappingProxyType({
    "left": "left, on the left, to the left, left side, left-hand side, leftwards",
    "right": "right, on the right, to the right, right side, right-hand side, rightwards",
    "centre": "centre, center, middle, in the middle, in the centre, in the center",
    "up": "up, upwards, top, higher, at the top, upper", "down": "down, downwards, bottom, lower, at the bottom",
    "front": "foreground, in the foreground, in front, closer, nearer",
    "far": "distance, in the distance, far away, farther, further away",
})  # fmt: skip
NEAR = "next to, beside, near, by, behind, in front of, under, close to, alongside, around, left of, right of, below"
INTO = "into, to, with, by a, for"
PARTS: Mapping[str, str] = MappingProxyType({
    "house": "roof, door, chimney, roofs", "boat": "sail, sails", "person": "shirt, dress, coat, jacket, t-shirt",
    "tree": "leaf, leaves, foliage, crown", "castle": "spire, spires", "snowman": "scarf", "horse": "mane",
})  # fmt: skip
COUNTS: Mapping[str, str] = MappingProxyType({
    "1": "a, an, one, single, another", "2": "two, pair of, a pair of, couple of, a couple of, both",
    "3": "three, few, a few, some", "4": "four, several", "5": "five",
    "6": "six, many, lots of, a lot of, plenty of, group of, a group of, flock of, a flock of, bunch of, a bunch of",
    "7": "seven", "8": "eight", "9": "nine", "10": "ten", "12": "dozen, a dozen, twelve, field of, a field of",
})  # fmt: skip
SIZES: Mapping[str, str] = MappingProxyType({
    "1.45": "big, large, great, tall", "2.0": "huge, giant, enormous, gigantic, massive",
    "0.65": "small, little, short", "0.45": "tiny, miniature, mini",
})  # fmt: skip
ENDS = ". , ; : ! ? and then but also plus while & - — –"
FILLERS = """
the this that these those it its is are was be been being am i we you he she they me my our your his her their
in on at of from as like so very really quite more most less much bit little just only please can could would
should will shall may might do does did have has had here there where which who what when how why if or not nor
too again still now over under above into onto through across along inside outside up out off about between
against after before picture image photo photograph photography drawing painting illustration artwork art scene
view landscape portrait painted drawn sketch-like style styled version look looks looking colours colors color
colour shade tone mood feel feeling beautiful nice pretty cute lovely gorgeous stunning happy sad funny friendly
gentle peaceful calm quiet cosy old new young realistic photorealistic detailed highly high quality cinematic
simple flat modern minimal minimalist cartoon cartoonish standing sitting lying running walking flying floating
swimming sailing driving sleeping playing jumping shining growing rising setting riding sits stands runs walks
flies floats sails drives sleeps plays jumps shines grows lies holding wearing wooden stone-built sandy green-
ish full whole entire all every each other thing things something anything everything keep same exactly
unchanged rest else change original provided using use preserve preserving lighting composition says saying
reads reading called named hand side way time moment one's also as-is instead bigger-than same-size seen close
wide angle shot front back bottom edge corner degrees degree clockwise counterclockwise counter anticlockwise
horizontally vertically thanks thank hi hello hey ok okay bot easel palette extend expand outpaint ratio format
wider shape generate create imagine produce first second third picture's image's reference base attached
attachment slightly little-bit totally completely bright-ish work worked naturally fitting fit seamlessly
matching match try retry another variation different surprise anyway light lights lit sunlight moonlight 4k 8k
hd uhd 35mm ultra bokeh depth lens focus render masterpiece gradient rich layered atmosphere atmospheric season
weather such since until any kind sort lot piece pieces part parts him them us yourself sure yes natural realistically
better good well perfect believable tell told story tale once upon version versions thx pls somehow wear wears
"""


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Entry]:
    """Every phrase with what it means; where two tables know a phrase, the later one here wins."""
    table: dict[str, Entry] = {word: ("filler", word) for word in FILLERS.split()}
    table |= {word: ("end", word) for word in ENDS.split()}
    table |= dict(_entries())
    table |= {word: ("near", word) for word in NEAR.split(", ")}
    table |= {word: ("into", word) for word in INTO.split(", ")}
    table |= {name: ("colour", name) for name in NAMED}
    table |= {f"{tone} {name}": ("colour", f"{tone} {name}") for tone in TONES for name in NAMED}
    return MappingProxyType(table)


def _entries() -> Iterator[tuple[str, Entry]]:
    tables = (
        ("thing", THINGS), ("hat", HATS), ("land", LANDS), ("hour", HOURS), ("weather", WEATHERS), ("finish", FINISHES),
        ("verb", VERBS), ("place", PLACES), ("part", PARTS), ("count", COUNTS), ("size", SIZES),
    )  # fmt: skip
    for sort, table in tables:
        for meaning, words in table.items():
            for word in words.split(","):
                yield word.strip(), (sort, meaning)


@lru_cache(maxsize=1)
def longest() -> int:
    """How many words the longest phrase has."""
    return max(len(phrase.split()) for phrase in entries())
