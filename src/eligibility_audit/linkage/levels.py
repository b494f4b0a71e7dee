"""Levels of agreement and what is known of them before any data is seen."""

from dataclasses import dataclass

NOT_COMPARABLE = 0  # the code of a pair where one side is missing or too coarse; its weight is 0


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement.

    `m` is the share of true pairs at this level that is assumed before data speak, `u` that of other pairs. `ceiling`
    is the highest weight (log2) that the data may give the level, `floor` the lowest; `fixed` is a weight that is not
    estimated. `given` names the circumstance under which the level can occur at all (a date known to the day on both
    sides or not): shares are taken within it, so that the circumstance is no evidence. `vi` says the level to an
    officer.
    """

    name: str
    vi: str
    m: float
    u: float
    ceiling: float = 30.0
    floor: float = -14.0
    fixed: float | None = None
    given: str = ""


NAME = (
    Level("equal", "họ tên giống hệt", 0.86, 3e-5, floor=0),
    Level("tone_placement", "họ tên giống, chỉ khác vị trí đặt dấu thanh", 0.02, 1e-6, floor=0),
    Level("bare", "họ tên giống, một bên viết không dấu", 0.04, 5e-6, floor=0),
    Level("marks_differ", "họ tên giống khi bỏ dấu, dấu khác nhau", 0.01, 1e-5, ceiling=10),
    Level("slip", "họ tên gần giống (một lỗi chính tả hoặc phát âm)", 0.02, 1e-4, ceiling=9),
    Level("near", "họ tên gần giống (hai lỗi)", 0.003, 2e-4, ceiling=4),
    Level("abbreviated", "họ tên viết tắt, khớp chữ đầu và tên", 0.005, 1e-4, ceiling=10),
    Level("reordered", "họ tên gồm cùng các chữ, khác thứ tự", 0.003, 3e-6, ceiling=12),
    Level("middle_dropped", "cùng họ và tên, một bên thiếu tên đệm", 0.01, 3e-4, ceiling=9),
    Level("middle_differs", "cùng họ và tên, khác tên đệm", 0.004, 3e-3, ceiling=3),
    Level("alias", "tên gọi khác trùng với họ tên", 0.01, 1e-5, ceiling=12),
    Level("given_differs", "cùng họ và tên đệm, khác tên", 0.003, 1e-2, ceiling=-4),
    Level("different", "họ tên khác nhau", 0.002, 0.99, ceiling=-8),
)
DATE = (
    Level("day", "cùng ngày sinh", 0.96, 5e-5),
    Level("swapped", "ngày và tháng sinh bị đảo", 0.01, 3e-5),
    Level("typo", "cùng năm sinh, ngày hoặc tháng khác một chữ số", 0.01, 1e-3, ceiling=6),
    Level("year_slip", "cùng ngày và tháng sinh, năm lệch ít hoặc khác một chữ số", 0.01, 1e-3, ceiling=6),
    Level("near_day", "ngày sinh cách nhau không quá 31 ngày", 0.003, 2e-3, ceiling=2),
    Level("same_year", "cùng năm sinh nhưng khác ngày tháng", 0.001, 1.6e-2, ceiling=-6),
    Level("different", "ngày sinh khác nhau", 0.002, 0.98, ceiling=-8),
    Level("month", "cùng tháng và năm sinh (một bên không ghi ngày)", 0.15, 2e-4, given="coarse"),
    Level("month_swapped", "tháng sinh bên này là ngày sinh bên kia, cùng năm", 0.002, 2e-4, given="coarse"),
    Level("month_differs", "cùng năm sinh nhưng khác tháng", 0.0005, 2e-3, ceiling=-7, given="coarse"),
    Level("year", "cùng năm sinh (một bên chỉ ghi năm)", 0.6, 1.6e-2, given="coarse"),
    Level("near_year", "năm sinh lệch 1-2 năm (một bên không ghi ngày)", 0.01, 3e-2, ceiling=-1, given="coarse"),
    Level("year_differs", "năm sinh khác nhau (một bên không ghi ngày)", 0.002, 0.95, ceiling=-8, given="coarse"),
)
SEX = (
    Level("same", "cùng giới tính", 0.995, 0.5, ceiling=1.5),
    Level("different", "khác giới tính", 0.005, 0.5, ceiling=-4),
)
NATIONAL_ID = (
    Level("equal", "trùng số CMND/CCCD", 0.9, 1e-8, ceiling=24, floor=0),
    Level("typo", "số CMND/CCCD khác một chữ số", 0.03, 2e-5, ceiling=10),
    Level("close", "số CMND/CCCD khác một chữ số ở cuối (cách nhau chưa đến 100)", 0.01, 1e-6, ceiling=3),
    Level("neighbour", "số CMND/CCCD liền nhau (thường gặp ở người cùng nhà)", 0.002, 1e-4, ceiling=0, floor=-4),
    Level(
        "regimes_agree", "số 12 chữ số phù hợp năm sinh và giới tính bên kia", 0.98, 1e-2, ceiling=4, given="regimes"
    ),
    Level(
        "regimes_contradict", "số 12 chữ số trái với năm sinh hoặc giới tính bên kia", 0.02, 0.9, ceiling=-3, floor=-5
    ),
    Level("different", "số CMND/CCCD khác nhau", 0.01, 0.999, ceiling=-12),
)
PLACE = (
    Level("same_commune", "cùng xã", 0.9, 4e-3),
    Level("same_district", "cùng huyện, khác xã", 0.03, 0.12),
    Level("different", "khác huyện", 0.05, 0.87, ceiling=-2),
    Level("slip", "mã nơi ở khác một chữ số", 0.02, 5e-3, ceiling=8),
    Level("same_name", "cùng tên xã, khác huyện", 0.01, 1e-3, ceiling=6),
    Level("merged", "xã cũ và xã mới sau sáp nhập: có thể cùng một nơi", 0.02, 4e-3, ceiling=8, floor=0),
    Level("same_commune_one_list", "cùng xã, trong cùng một loại danh sách", 0.4, 4e-3, given="one_list"),
    Level("elsewhere_one_list", "khác xã, trong cùng một loại danh sách", 0.6, 0.99, ceiling=0, given="one_list"),
)
DOSSIER = (
    Level("equal", "trùng số hồ sơ", 0.9, 1e-7, ceiling=18, floor=0),
    Level("different", "số hồ sơ khác nhau", 0.1, 0.99, fixed=0.0),
)
KINSHIP = (
    Level("twins", "cùng ngày sinh, cùng họ nhưng khác tên và khác số định danh: có thể sinh đôi", 0, 0, fixed=-12.0),
    Level("siblings", "số định danh liền nhau nhưng khác tên: có thể anh chị em", 0, 0, fixed=-8.0),
    Level("one_birth", "cùng ngày sinh, cùng họ và tên đệm nhưng khác tên: có thể sinh đôi", 0, 0, fixed=-8.0),
    Level("two_contradictions", "khác cả ngày sinh đầy đủ và số định danh", 0, 0, fixed=-6.0),
)
NAMESAKE = (
    Level("year_here", "trùng tên, cùng năm sinh, cùng xã: người khác cũng hay trùng như vậy", 1, 1, 0.0, -6.0),
    Level("year", "trùng tên và cùng năm sinh: tên theo lứa tuổi", 1, 1, ceiling=0.0, floor=-6.0),
    Level("here", "trùng tên và cùng xã: họ tên theo làng", 1, 1, ceiling=0.0, floor=-6.0),
    Level("coarse_year_here", "trùng tên, cùng năm sinh (một bên chỉ ghi năm), cùng xã", 1, 1, 0.0, -6.0),
    Level("coarse_year", "trùng tên và cùng năm sinh (một bên chỉ ghi năm)", 1, 1, ceiling=0.0, floor=-6.0),
)
GENERATION = (Level("of_one_generation", "tên này ở lứa tuổi này", 1, 1, fixed=0.0),)
DATES_WRITTEN = (
    Level("both_day", "cả hai bên ghi đủ ngày sinh", 0.8, 0.7),
    Level("one_coarse", "chỉ một bên ghi đủ ngày sinh", 0.1, 0.2),
    Level("both_coarse", "cả hai bên chỉ ghi năm (hoặc tháng) sinh", 0.1, 0.1),
    Level("both_new_year", "cả hai bên ghi ngày 01/01", 0.01, 0.01),
    Level("one_new_year", "một bên ghi ngày 01/01, bên kia ghi đủ ngày sinh", 0.02, 0.02),
    Level("coarse_new_year", "một bên ghi ngày 01/01, bên kia chỉ ghi năm (hoặc tháng) sinh", 0.01, 0.01),
)
NUMBERS_HELD = (
    Level("both_none", "cả hai bên không có số định danh", 0.1, 0.05),
    Level("one_none", "một bên không có số định danh", 0.2, 0.3),
    Level("two_kinds", "một bên 9 số, một bên 12 số", 0.2, 0.25),
    Level("one_kind", "số định danh cùng loại (cùng 9 số hoặc cùng 12 số)", 0.5, 0.4),
)
TEXT = (
    Level("equal", "giống hệt", 0.8, 1e-3, floor=0.5),
    Level("reordered", "cùng các từ, khác thứ tự", 0.02, 1e-4, ceiling=14),
    Level("close", "gần giống", 0.1, 2e-3, ceiling=12),
    Level("contained", "các từ của bên này nằm trong bên kia", 0.02, 2e-3, ceiling=10),
    Level("similar", "hơi giống", 0.02, 2e-2, ceiling=6),
    Level("numbers_differ", "chữ giống nhau nhưng các số khác nhau", 0.01, 1e-3, ceiling=4),
    Level("different", "khác nhau", 0.03, 0.97, ceiling=-1),
)
SWAPPED = (
    Level("swapped", "họ và tên bị đảo cột", 0.3, 1e-5, ceiling=18, floor=0),
    Level("not_swapped", "không phải do đảo cột họ và tên", 0.7, 0.99, ceiling=0),
)
CATEGORY = (Level("equal", "giống nhau", 0.95, 0.1, floor=0), Level("different", "khác nhau", 0.05, 0.9, ceiling=-0.5))
NUMBER = (
    Level("equal", "bằng nhau", 0.9, 1e-3, floor=0.5),
    Level("close", "khác một chữ số", 0.05, 1e-2, ceiling=8),
    Level("different", "khác nhau", 0.05, 0.98, ceiling=-1),
)
