from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.asking.ratio import asked, chosen, missed, nearest
from bot.model import Turn, Version
from tests.players import ADA, MODEL, picture

FEW = replace(MODEL, ratios=("1:1", "3:4", "16:9"))
NONE = replace(MODEL, ratios=())


def turn(ratio: str | None = None) -> Turn:
    return Turn(9, 50, ADA, "bluer", MODEL.id, 0.0, ratio=ratio)


def version(width: int, height: int) -> Version:
    return Version(3, 8, 0, picture("a", width, height))


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        ("make it 16:9", "16:9"),
        ("a castle, 9:16", "9:16"),
        ("a castle 16x9", "16:9"),
        ("now 16 by 9 please", "16:9"),
        ("3:2", "3:2"),
        ("make it 3:2", "3:2"),
        ("a frog in 5:7", "5:7"),
        ("a frog, aspect ratio 4:5", "4:5"),
        ("a 2:3 picture of a frog", "2:3"),
        ("a frog, 1920x1080", "16:9"),
        ("a frog, 1080 × 1350 px", "4:5"),
        ("a king in portrait format", "3:4"),
        ("Portrait orientation, please", "3:4"),
        ("the same in portrait", "3:4"),
        ("make it vertical", "3:4"),
        ("in landscape format", "4:3"),
        ("make it square", "1:1"),
        ("crop it to a square", "1:1"),
        ("a frog in square format", "1:1"),
        ("square", "1:1"),
        ("a city at night, widescreen", "16:9"),
        ("wide-screen", "16:9"),
        ("the hills in panorama format", "21:9"),
        ("as a phone wallpaper", "9:16"),
        ("a desktop wallpaper with whales", "16:9"),
        ("mach es 16:9", "16:9"),
        ("ein Schloss im Format 4:5", "4:5"),
        ("bitte im 3:2-Format", "3:2"),
        ("16 mal 9", "16:9"),
        ("im Hochformat", "3:4"),
        ("Ein Frosch, hochkant", "3:4"),
        ("das Ganze im Querformat, bitte", "4:3"),
        ("mach das Bild quadratisch", "1:1"),
        ("als Handyhintergrund", "9:16"),
        ("un château au format 16/9", "16:9"),
        ("le même en 16/9", "16:9"),
        ("au format 3:2", "3:2"),
        ("un roi, format portrait", "3:4"),
        ("en mode paysage", "4:3"),
        ("mets-la en carré", "1:1"),
        ("une grenouille, image carrée", "1:1"),
        ("un fond d’écran pour téléphone", "9:16"),
        ("un castillo en formato 4:3", "4:3"),
        ("ponlo en 5:7", "5:7"),
        ("un rey en formato vertical", "3:4"),
        ("hazlo cuadrado", "1:1"),
        ("hazla apaisada", "4:3"),
        ("un fondo de pantalla para móvil", "9:16"),
        ("um castelo em 4:5", "4:5"),
        ("no formato paisagem", "4:3"),
        ("deixe isso na vertical", "3:4"),
        ("um sapo, imagem quadrada", "1:1"),
        ("um papel de parede para o celular", "9:16"),
        ("16:9にしてください", "16:9"),
        ("アスペクト比は3:2で", "3:2"),
        ("画像を1:1に変えて", "1:1"),
        ("縦長の画像", "3:4"),
        ("これを横長にして", "4:3"),
        ("お城、正方形で", "1:1"),
        ("スマホの壁紙にして", "9:16"),
    ],
)
def test_words_that_ask_for_a_shape_are_understood(words, shape):
    assert asked(words) == shape


@pytest.mark.parametrize(
    "words",
    [
        "",
        "a portrait of my grandmother",
        "a landscape with mountains",
        "people on Times Square",
        "a square table in the middle",
        "draw a square and a circle",
        "put a widescreen TV on the wall",
        "the clock shows 3:20",
        "it is 16:45",
        "the score is 3:2 in the last minute",
        "the final was won 4:3",
        "add 3 frogs and 2 hats",
        "John 3:16 on a sign",
        "at 10:30:15",
        "a 4x4 in the desert",
        "0:16 and 16:0",
        "ratio 1:900",
        "ein quadratischer Tisch",
        "ein Porträt meiner Großmutter",
        "es steht 3:2 in der letzten Minute",
        "am 16/9 um 16:45",
        "ein Breitbildfernseher an der Wand",
        "transforme ce chat en portrait",
        "un chapeau carré",
        "un visage en 3/4",
        "le match finit 4:3",
        "un paisaje con montañas",
        "pon un sombrero cuadrado",
        "100 por 100 natural",
        "um retrato da minha avó",
        "faça o quadrado vermelho",
        "正方形のテーブル",
        "顔を横向きにして",
        "テーブルを正方形にして",
        "試合は3:2で終わった",
        "v16 and v9",
        "https://x.example/16:9",
    ],
)
def test_words_that_speak_of_something_else_are_left_alone(words):
    assert asked(words) is None


@given(st.text(max_size=60) | st.from_regex(r"(make it |in |)\d{1,4}[:x×]\d{1,4}( format|)"))
def test_whatever_is_said_a_shape_is_two_numbers_that_a_model_can_be_near_to(words):
    shape = asked(words)
    assert shape is None or nearest(shape, MODEL.ratios) in MODEL.ratios


def test_the_nearest_ratio_is_near_by_proportion():
    assert nearest("1920:1080", ["1:1", "4:3", "16:9"]) == "16:9"
    assert nearest("1:8000", MODEL.ratios) == "1:8"
    assert nearest("10:10", []) is None


def test_an_edit_keeps_its_bases_shape_unless_it_asks_for_another():
    assert chosen(turn(), version(1376, 768), MODEL) == "16:9"
    assert chosen(turn("1:1"), version(1376, 768), MODEL) == "1:1"
    assert chosen(turn("5:7"), version(1376, 768), MODEL) == "3:4"


def test_without_base_and_wish_or_without_ratios_the_model_chooses():
    assert chosen(turn(), None, MODEL) is None
    assert chosen(turn("1:1"), version(8, 8), NONE) is None
    assert missed(turn("1:1"), version(8, 8), NONE) is None


@pytest.mark.parametrize("size", [(1264, 848), (896, 1200), (1584, 672), (768, 1376), (928, 1152), (3072, 384)])
def test_a_picture_of_the_models_own_keeps_its_shape_without_a_word(size):
    assert missed(turn(), version(*size), MODEL) is None


def test_a_shape_that_the_model_has_not_is_told_in_small_numbers():
    assert missed(turn(), version(710, 1536), MODEL) == ("6:13", "9:16")
    assert missed(turn(), version(1097, 1536), MODEL) == ("5:7", "3:4")
    assert missed(turn("7:5"), None, FEW) == ("7:5", "16:9")
    assert missed(turn(), version(1536, 20), MODEL) == ("77:1", "8:1")
