"""Names for the demo: given and family names in six languages, and forty invented places."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

__all__ = ["LANGUAGES", "PLACES", "ZONES", "Name", "draw_names", "email_address", "misspelt", "strip_accents"]

LANGUAGES = ("English", "Portuguese", "Ukrainian", "Arabic", "Vietnamese", "Chinese")
ZONES = ("America/Toronto", "Europe/Lisbon", "Europe/Kyiv", "Africa/Cairo", "Asia/Ho_Chi_Minh")

# place: language, zone (positions in the tuples above); the largest places of each language first
PLACES: tuple[tuple[str, int, int], ...] = (
    ("Maple Ford", 0, 0),
    ("Vale Sereno", 1, 1),
    ("Vyshneve Pole", 2, 2),
    ("Bir al-Nakhl", 3, 3),
    ("Đồng Sen", 4, 4),
    ("Jinhe", 5, 4),
    ("Grey Harbour", 0, 0),
    ("Ribeira Nova", 1, 1),
    ("Tykhyi Brid", 2, 2),
    ("Wadi Zahr", 3, 3),
    ("Cầu Trắng", 4, 4),
    ("Northam Bay", 0, 0),
    ("Monte Claro", 1, 1),
    ("Zelenyi Hai", 2, 2),
    ("Tell Rayyan", 3, 3),
    ("Bến Ngọc", 4, 4),
    ("Qingshan", 5, 4),
    ("Larchwood", 0, 0),
    ("São Gião", 1, 1),
    ("Kamianka Lisova", 2, 2),
    ("Ayn Safa", 3, 3),
    ("Thượng Hà", 4, 4),
    ("Elm Crossing", 0, 0),
    ("Foz do Lima", 1, 1),
    ("Stara Krynytsia", 2, 2),
    ("Kafr Warda", 3, 3),
    ("Phước Lộc", 4, 4),
    ("Baiyun Qiao", 5, 4),
    ("Stony Lake", 0, 0),
    ("Pedra Alta", 1, 1),
    ("Novyi Mlyn", 2, 2),
    ("Deir Hilal", 3, 3),
    ("Suối Mơ", 4, 4),
    ("Windmill End", 0, 1),
    ("Penha Branca", 1, 1),
    ("Zorianyi", 2, 2),
    ("Qasr Nada", 3, 3),
    ("Xóm Cau", 4, 4),
    ("Lanhu", 5, 4),
    ("Last Ferry", 0, 0),
)

# Each entry is a name, or a name and how it is written in Latin letters after a slash.
_GIVEN: tuple[str, ...] = (
    "Ada Alice Amelia Andrew Arthur Audrey Beatrice Benjamin Caleb Charlotte Clara Daniel Dorothy Edith Eleanor Elias Ethan Fiona "
    "George Grace Hannah Henry Hugh Ivy Jack Jane Jonah Laura Leo Lucy Margaret Martin Nora Oliver Peter Rose Ruth Samuel Thomas Zoë",
    "Adão Álvaro Amélia Ana André Antónia António Beatriz Bruno Carlos Cátia Cecília Cristóvão Davide Débora Estêvão Fábio Filipa "
    "Francisca Gonçalo Graça Helena Inês Íris João Joaquim Júlia Lídia Luísa Márcio Mónica Nuno Otília Paulo Raúl Rita Sofia Tomé "
    "Vânia Xavier",
    "Андрій/Andrii Богдан/Bohdan Богдана/Bohdana Василь/Vasyl Віктор/Viktor Віра/Vira Галина/Halyna Ганна/Hanna Дарина/Daryna "
    "Денис/Denys Дмитро/Dmytro Євген/Yevhen Зоряна/Zoriana Іван/Ivan Ірина/Iryna Катерина/Kateryna Леся/Lesia Любов/Liubov "
    "Максим/Maksym Марта/Marta Микола/Mykola Надія/Nadiia Назар/Nazar Оксана/Oksana Олег/Oleh Олена/Olena Остап/Ostap Павло/Pavlo "
    "Петро/Petro Роман/Roman Світлана/Svitlana Соломія/Solomiia Степан/Stepan Тарас/Taras Тетяна/Tetiana Уляна/Uliana "
    "Христина/Khrystyna Юлія/Yuliia Юрій/Yurii Ярослав/Yaroslav",
    "أحمد/Ahmad أمل/Amal أمينة/Amina إبراهيم/Ibrahim إيمان/Iman باسم/Basim جمال/Jamal حسن/Hasan حليمة/Halima خالد/Khalid داود/Dawud "
    "دينا/Dina رامي/Rami رانيا/Rania ريم/Reem زينب/Zaynab سامي/Sami سعاد/Suad سلمى/Salma سمير/Samir سناء/Sana شريف/Sharif "
    "طارق/Tariq عادل/Adil عمر/Umar فاطمة/Fatima فريد/Farid كريم/Karim كمال/Kamal لبنى/Lubna ليلى/Layla محمود/Mahmud مريم/Maryam "
    "منى/Muna نادية/Nadia نبيل/Nabil نور/Nur هاني/Hani هدى/Huda ياسمين/Yasmin",
    "An Anh Bảo Bích Bình Châu Chi Công Cường Diệp Dung Dũng Đào Đạt Đức Giang Hà Hải Hạnh Hiền Hiếu Hoa Hòa Hương Khánh Lan Linh Long "
    "Mai Minh Nga Ngọc Nhung Phúc Quỳnh Sơn Tâm Thảo Thủy Tuấn",
    "安琪/Anqi 宝玉/Baoyu 晨曦/Chenxi 春梅/Chunmei 大伟/Dawei 德明/Deming 芳/Fang 国强/Guoqiang 桂英/Guiying 海燕/Haiyan "
    "浩然/Haoran 红/Hong 慧敏/Huimin 佳怡/Jiayi 建国/Jianguo 静/Jing 军/Jun 兰/Lan 乐天/Letian 丽华/Lihua "
    "美玲/Meiling 明哲/Mingzhe 宁/Ning 平/Ping 倩/Qian 瑞/Rui 淑珍/Shuzhen 思远/Siyuan 涛/Tao 文博/Wenbo "
    "晓东/Xiaodong 秀兰/Xiulan 雅婷/Yating 燕/Yan 一鸣/Yiming 雨桐/Yutong 泽宇/Zeyu 志强/Zhiqiang 子涵/Zihan 梓萱/Zixuan",
)
_FAMILY: tuple[str, ...] = (
    "Abbott Ashdown Barlow Bellamy Birch Blackwood Bright Carver Cole Crane Dale Drummond Eastman Ellery Fairfax Fenwick Garland "
    "Hale Hargreave Holloway Ives Jarrow Kendrick Lockhart Marlow Mercer Nightingale Oakes Pemberton Quill Rowan Sedgwick Thorne "
    "Underhill Vance Whitlock Winslow Yardley",
    "Abrantes Aguiar Alcântara Araújo Assunção Azevêdo Beirão Brandão Caçador Calçada Conceição Damião Durães Estevão Falcão Feijó "
    "Galvão Gusmão Henriques Leitão Lourenço Magalhães Mourão Nóbrega Paixão Quintão Ramalho Rebêlo Sampaio Simões Tavares Teodósio "
    "Trindade Valadão Varzim Veríssimo Vilaça Zagalo",
    "Бойко/Boiko Бондаренко/Bondarenko Василенко/Vasylenko Вовк/Vovk Гаврилюк/Havryliuk Гнатюк/Hnatiuk Гончар/Honchar Дяченко/Diachenko "
    "Жук/Zhuk Захарчук/Zakharchuk Іваненко/Ivanenko Клименко/Klymenko Коваль/Koval Козак/Kozak Кравчук/Kravchuk Кушнір/Kushnir "
    "Левченко/Levchenko Лисенко/Lysenko Марчук/Marchuk Мельник/Melnyk Мороз/Moroz Назаренко/Nazarenko Олійник/Oliinyk "
    "Павленко/Pavlenko Петренко/Petrenko Поліщук/Polishchuk Романюк/Romaniuk Руденко/Rudenko Савчук/Savchuk Сидоренко/Sydorenko "
    "Ткачук/Tkachuk Федоренко/Fedorenko Харченко/Kharchenko Хоменко/Khomenko Чорновіл/Chornovil Шевчук/Shevchuk Юрченко/Yurchenko "
    "Яременко/Yaremenko",
    "البستاني/Al-Bustani البنا/Al-Banna التونسي/Al-Tunisi الجمال/Al-Jammal الحداد/Al-Haddad الحلبي/Al-Halabi الخطيب/Al-Khatib "
    "الخياط/Al-Khayyat الدباغ/Al-Dabbagh الراوي/Al-Rawi الزهراني/Al-Zahrani الساعاتي/Al-Saati السقا/Al-Saqqa الشامي/Al-Shami "
    "الشريف/Al-Sharif الصباغ/Al-Sabbagh الطحان/Al-Tahhan العطار/Al-Attar الغزالي/Al-Ghazali الفارس/Al-Faris القاضي/Al-Qadi "
    "الكاتب/Al-Katib المصري/Al-Masri المهدي/Al-Mahdi النجار/Al-Najjar النقاش/Al-Naqqash الهلالي/Al-Hilali الوراق/Al-Warraq "
    "بركات/Barakat حمدان/Hamdan درويش/Darwish رشيد/Rashid زيدان/Zaydan سلامة/Salama صالح/Salih عثمان/Uthman منصور/Mansur ناصر/Nasir",
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Đoàn Mạc Tô Lương Cao Châu Thái Tạ Quách Hà La Kiều "
    "Mai Vương Từ Lâm Phùng Tăng Triệu Văn",
    "王/Wang 李/Li 张/Zhang 刘/Liu 陈/Chen 杨/Yang 黄/Huang 赵/Zhao 吴/Wu 周/Zhou 徐/Xu 孙/Sun 马/Ma 朱/Zhu 胡/Hu 郭/Guo 何/He 高/Gao "
    "林/Lin 郑/Zheng 梁/Liang 谢/Xie 宋/Song 唐/Tang 许/Xu 韩/Han 冯/Feng 邓/Deng 曹/Cao 彭/Peng 曾/Zeng 萧/Xiao 田/Tian 董/Dong 潘/Pan "
    "袁/Yuan 蔡/Cai 蒋/Jiang",
)
_FAMILY_FIRST = (False, False, False, False, True, True)
_BETWEEN = (" ", " ", " ", " ", " ", "")


@dataclass(frozen=True)
class Name:
    """One name as its bearer writes it (`given`, `family`, `full`) and in Latin letters (`latin`: given, then family)."""

    given: str
    family: str
    full: str
    latin: tuple[str, str]

    @property
    def in_latin_letters(self) -> bool:
        """Whether the name itself is written in Latin letters."""
        return self.given == self.latin[0]


def draw_names(languages: np.ndarray[tuple[int], np.dtype[np.int64]], rng: np.random.Generator) -> list[Name]:
    """A name for each person by language; no two are equal."""
    names: list[Name | None] = [None] * len(languages)
    for language in range(len(LANGUAGES)):
        rows = np.flatnonzero(languages == language)
        given, family = _GIVEN[language].split(), _FAMILY[language].split()
        pairs = len(given) * len(family)
        plenty = len(rows) * 2 <= pairs  # else a second given name keeps them apart
        drawn = rng.choice(pairs if plenty else pairs * len(given), len(rows), replace=False)
        for row, code in zip(rows.tolist(), drawn.tolist(), strict=True):
            middle = [] if plenty else [given[code // pairs]]
            names[row] = _name(language, [given[code % len(given)], *middle], family[code % pairs // len(given)])
    return [name for name in names if name is not None]


def _name(language: int, given: list[str], family: str) -> Name:
    """A name with its parts in the order of its language."""
    between = _BETWEEN[language]
    own, latin = between.join(one.partition("/")[0] for one in given), " ".join(one.rpartition("/")[2] for one in given)
    own_family, _, latin_family = family.partition("/")
    full = f"{own_family}{between}{own}" if _FAMILY_FIRST[language] else f"{own}{between}{own_family}"
    return Name(own, own_family, full, (latin, latin_family or own_family))


def strip_accents(text: str) -> str:
    """The text without accents: "Gonçalo Đặng" becomes "Goncalo Dang"."""
    bare = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def email_address(name: Name, taken: set[str], domain: str) -> str:
    """An email address that is not in `taken`, to which it is added."""
    local = ".".join(re.sub(r"[^a-z]", "", strip_accents(part).lower()) for part in name.latin)
    address, number = f"{local}@{domain}", 2
    while address in taken:
        address, number = f"{local}{number}@{domain}", number + 1
    taken.add(address)
    return address


def misspelt(text: str, rng: np.random.Generator) -> str:
    """`text` with two letters swapped, one left out or one doubled."""
    spots = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha() and text[i] != text[i + 1]]
    inside = [i for i in spots if text[i].islower() and text[i + 1].islower()]  # capitals are seldom mistyped
    spot = int(rng.choice(inside or spots))
    kind = int(rng.integers(3))
    if kind == 0:
        return text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :]
    return text[:spot] + text[spot + 1 :] if kind == 1 else text[: spot + 1] + text[spot:]
