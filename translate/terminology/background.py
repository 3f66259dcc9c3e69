"""Ordinary Arabic: how often words stand in news of every kind, and which only hold a sentence together.

A word's frequency here is what its frequency in a corpus is compared with. Counts stand in `background.tsv`, in folded
spelling. Knows words as they are written; no terms, no files of anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from glossary import key

SIZE = 3_664_800
"""Words that were counted."""
_FILE = Path(__file__).with_name("background.tsv")

_FUNCTION = """
    في من على إلى عن مع أن إن ان أنه أنها أنهم إنه إنها بأن بأنه بأنها لأن لأنه كأن لكن ولكن لكنه لكنها ما لا لم
    لن ليس ليست هو هي هم هن هما أنا نحن أنت أنتم هذا هذه ذلك تلك هؤلاء هذان أولئك الذي التي الذين اللذين اللتين
    اللاتي اللواتي أي أية كل بعض جميع كافة كلا غير سوى عدا دون بدون بين بينهم بينها بينهما بينما حتى حين حينما
    عند عندما عنده منذ مذ بعد بعدما بعدها قبل قبلها خلال عبر ضد نحو حول تحت فوق أمام خلف وراء داخل خارج ضمن لدى
    لديه لديها لديهم حيث كما مثل مثلما أو أم ثم بل إذ إذا إذن لو لولا قد لقد فقد سوف كان كانت كانوا يكون تكون
    يكونوا كن ليكون وكان وكانت وقد منه منها منهم منهما عليه عليها عليهم إليه إليها إليهم به بها بهم له لها لهم
    فيه فيها فيهم عنه عنها عنهم معه معها معهم لهذا لذلك كذلك هنا هناك هنالك أيضا ايضا فقط جدا حسب بحسب وفق وفقا
    نظرا رغم بالرغم إثر أثر جراء بسبب نتيجة أجل بشأن حال أثناء إلا كي لكي عدم عدة أكثر أقل أول أحد إحدى آخر أخرى
    آخرين اخرى اليوم أمس غدا مما ممن عما فيما كيف لماذا متى أين ماذا هل ربما لعل نفس نفسه نفسها ذات ذاته ذاتها
    يوم سنة عام شهر وقت مرة يا ها قال قالت وقال وقالت وأضاف أضاف أضافت وأضافت أكد أكدت وأكد وأكدت أوضح وأوضح ذكر
    ذكرت وذكر أشار وأشار أشارت يذكر يقول تقول يتم تم تمت وتم يمكن يجب ينبغي وهو وهي وهم وهذا وهذه وذلك كونه
    كونها الى إضافة بالإضافة فضلا علاوة خاصة خصوصا لاسيما سيما مؤخرا حاليا سابقا تقريبا أصبح أصبحت بات باتت
    مازال مازالت ظل صار بدأ بدأت باتجاه اتجاه غربي شرقي شمالي جنوبي غرب شرق شمال جنوب صوب قرب قريب بهدف بغية
    مزيد ولفتت لفت لفتت رفض عثرت عثر أفاد أفادت أنفسهم أنفسها شيء أمر أمام جديدة جديد كبير كبيرة كثير كثيرا
    العديد عدد قليل أبرز أهم اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة مئة مائة ألف مليون واحد واحدة
    اثنان ثلاث أربع خمس
"""
FUNCTION = frozenset(key(word) for word in _FUNCTION.split())
"""Words that neither begin nor end a term, folded."""


@cache
def counts() -> Mapping[str, int]:
    """Folded word as written -> how often; rare words are not listed."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count in (line.split("\t") for line in lines if line[:1] != "#")}
