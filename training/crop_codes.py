"""The common list of crops and the code tables of the sources.

A table gives code -> (crop, habit). A code that is missing is left out: either it is
no land use Parus meets, or it is several of our classes at once ("wheat", "mixed").
"""

CLASSES = ["winter_wheat", "spring_wheat", "barley", "oats", "rye", "maize", "rice", "sorghum",
           "soybean", "legumes", "peanut", "sesame", "cotton", "rapeseed", "sunflower", "potato", "sugar_beet",
           "tomato", "pepper", "garlic", "vegetables", "alfalfa", "grass", "grapes", "almond", "walnut",
           "pistachio", "apple", "pear", "peach", "cherry", "plum", "olive", "kiwi", "blueberry",
           "greenhouse", "fallow", "other"]

# How a row's crop sits in the year. It decides which part of the year a cycle shows.
SUMMER, WINTER, PERENNIAL, DOUBLE, FREE = "summer", "winter", "perennial", "double", "free"

# USDA Cropland Data Layer 2021.
CDL = {
    1: ("maize", SUMMER), 2: ("cotton", SUMMER), 3: ("rice", SUMMER), 4: ("sorghum", SUMMER),
    5: ("soybean", SUMMER), 6: ("sunflower", SUMMER), 10: ("peanut", SUMMER), 12: ("maize", SUMMER),
    21: ("barley", WINTER), 24: ("winter_wheat", WINTER), 26: ("winter_wheat+soybean", DOUBLE),
    28: ("oats", WINTER), 33: ("other:safflower", SUMMER), 36: ("alfalfa", PERENNIAL),
    37: ("grass", PERENNIAL), 42: ("legumes", SUMMER), 46: ("other:sweet_potato", SUMMER),
    49: ("vegetables", FREE), 53: ("legumes", FREE), 54: ("tomato", SUMMER),
    58: ("other:clover", FREE), 59: ("grass", PERENNIAL), 61: ("fallow", FREE),
    66: ("cherry", PERENNIAL), 67: ("peach", PERENNIAL), 68: ("apple", PERENNIAL),
    69: ("grapes", PERENNIAL), 72: ("other:citrus", PERENNIAL), 75: ("almond", PERENNIAL),
    76: ("walnut", PERENNIAL), 77: ("pear", PERENNIAL), 111: ("other:water", PERENNIAL),
    121: ("other:developed", PERENNIAL), 122: ("other:developed", PERENNIAL),
    123: ("other:developed", PERENNIAL), 124: ("other:developed", PERENNIAL),
    152: ("other:shrub", PERENNIAL), 176: ("grass", PERENNIAL), 190: ("other:wetland", PERENNIAL),
    195: ("other:wetland", PERENNIAL), 204: ("pistachio", PERENNIAL),
    205: ("rye", WINTER), 211: ("olive", PERENNIAL), 217: ("other:pomegranate", PERENNIAL),
    220: ("plum", PERENNIAL), 225: ("winter_wheat+maize", DOUBLE), 226: ("oats+maize", DOUBLE),
}

# WorldCereal CT codes (Canada, global). 0 unknown, 1000 cereals and 1100 wheat are left out.
CT = {
    1110: ("winter_wheat", WINTER), 1120: ("spring_wheat", SUMMER), 1200: ("maize", SUMMER), 1300: ("rice", SUMMER),
    1400: ("sorghum", SUMMER), 1500: ("barley", SUMMER), 1510: ("barley", WINTER), 1520: ("barley", SUMMER),
    1600: ("rye", WINTER), 1610: ("rye", WINTER), 1700: ("oats", SUMMER), 2000: ("vegetables", SUMMER),
    2200: ("vegetables", SUMMER), 2230: ("tomato", SUMMER), 2260: ("vegetables", SUMMER), 2290: ("vegetables", SUMMER),
    2310: ("vegetables", SUMMER), 2340: ("vegetables", SUMMER), 2390: ("vegetables", SUMMER),
    3210: ("other:citrus", PERENNIAL), 3240: ("other:citrus", PERENNIAL), 3300: ("grapes", PERENNIAL),
    3460: ("blueberry", PERENNIAL), 3510: ("apple", PERENNIAL), 3520: ("other:apricot", PERENNIAL),
    3530: ("cherry", PERENNIAL), 3540: ("peach", PERENNIAL), 3550: ("pear", PERENNIAL), 3610: ("almond", PERENNIAL),
    3900: ("other:fruit", PERENNIAL), 4100: ("soybean", SUMMER), 4200: ("peanut", SUMMER), 4330: ("other:mustard", SUMMER),
    4350: ("rapeseed", SUMMER), 4351: ("rapeseed", WINTER), 4370: ("sesame", SUMMER), 4380: ("sunflower", SUMMER),
    4420: ("olive", PERENNIAL), 4490: ("olive", PERENNIAL), 5100: ("potato", SUMMER), 6211: ("pepper", SUMMER),
    7100: ("legumes", SUMMER), 7700: ("legumes", SUMMER), 7920: ("alfalfa", PERENNIAL), 8100: ("sugar_beet", SUMMER),
    9110: ("grass", PERENNIAL), 9120: ("grass", PERENNIAL), 9211: ("cotton", SUMMER), 9520: ("other:flowers", PERENNIAL),
    9600: ("other:tobacco", SUMMER),
}

# WorldCereal land cover where no crop is given (global).
LAND_COVER = {20: "other:herbs", 30: "other:shrub", 40: "other:forest", 41: "other:forest", 42: "other:forest",
              50: "other:bare", 60: "other:developed", 70: "other:water"}

# EWoC codes (France, Africa). 1106000000 (oilseed), 1115000000 and the mixed ones are left out.
EWOC = {
    1101010011: ("winter_wheat", WINTER), 1101010021: ("winter_wheat", WINTER),
    1101010012: ("spring_wheat", SUMMER), 1101010022: ("spring_wheat", SUMMER),
    1101020011: ("barley", WINTER), 1101020012: ("barley", SUMMER), 1101060000: ("maize", SUMMER),
    1101060001: ("maize", SUMMER), 1106000020: ("soybean", SUMMER), 1106000010: ("sunflower", SUMMER),
    1106000031: ("rapeseed", WINTER), 1106000032: ("rapeseed", SUMMER), 1106000050: ("peanut", SUMMER),
    1106000100: ("sesame", SUMMER), 1107000010: ("potato", SUMMER), 1107000020: ("other:sweet_potato", SUMMER),
    1107000040: ("other:cassava", FREE), 1108000010: ("cotton", SUMMER),
    1201000010: ("grapes", PERENNIAL), 2001020022: ("grass", PERENNIAL), 2001020021: ("grass", PERENNIAL),
    2001020000: ("grass", PERENNIAL), 2000000000: ("grass", PERENNIAL), 1111020010: ("alfalfa", PERENNIAL),
    1101030011: ("rye", WINTER), 1101040011: ("oats", WINTER), 1101040012: ("oats", SUMMER),
    1101050001: ("rye", WINTER), 1101070000: ("sorghum", SUMMER),
    1105010010: ("legumes", SUMMER), 1105010022: ("legumes", SUMMER), 1105010032: ("legumes", SUMMER),
    1105010050: ("legumes", SUMMER), 1201000000: ("other:orchard", PERENNIAL), 1201040000: ("other:nuts", PERENNIAL),
    1201010110: ("other:orchard", PERENNIAL), 4300000000: ("other:forest", PERENNIAL), 6000000000: ("other:developed", PERENNIAL),
}

# Korean names. Saplings and aralia are left out.
KOREAN = {
    "사과": ("apple", PERENNIAL), "배": ("pear", PERENNIAL), "복숭아": ("peach", PERENNIAL), "포도": ("grapes", PERENNIAL),
    "참다래": ("kiwi", PERENNIAL), "유자": ("other:citrus", PERENNIAL), "시설": ("greenhouse", PERENNIAL),
    "마늘": ("garlic", WINTER), "양파": ("vegetables", WINTER), "참깨": ("sesame", SUMMER), "고추": ("pepper", SUMMER),
    "콩": ("soybean", SUMMER), "들깨": ("other:perilla", SUMMER), "고구마": ("other:sweet_potato", SUMMER),
    "옥수수": ("maize", SUMMER), "수단그라스": ("sorghum", SUMMER), "배추": ("vegetables", FREE), "무": ("vegetables", FREE),
}
