"""The words that the search has to know one by one, because no letter of theirs tells.

Arabic stands here in folded spelling, but for the common words, which are folded where they are used. Knows no rule.
"""

from __future__ import annotations

_AMBIGUOUS = """
    والده والدها والدهم والدهما والدته والدتها والدتهم والدي والدين والدان والديه والديها والديهم والدات والدنا
    والدا والدتي والدتنا بالغين بالغون بالغه بالغات بالغا بالغي بالون بالونات بالونا بالستي بالستيه بالستيا بالي
    باليه فالوذج فالنسيا والتر والت كالسيوم كالدونيا كاليفورنيا فالكون بالاس بالرمو بالتيمور باليستي باليستيه والس
    فالح فالحه
"""
AMBIGUOUS = frozenset(_AMBIGUOUS.split())
"""Forms that look definite and may be no such thing: والدها is no "and the ...", or is it."""

_WHOLE = """
    وزير وزيره وزراء وزاره وزارات وكاله وكالات وكيل وكلاء ولد ولايه ولايات والي وقت وسط وثيقه وثائق وثايق واقع
    وقايع وجه وجود وحده وحدات وفاه وفيات وفد وفود ورق ورقه واحد واجب وطن وطني وطنيه وضع وصول وقف وقفه واشنطن وساطه
    وسيط وسائل وسايل وسيله وظيفه وظايف ولاده ولاء وليد وعد وعود ورد ورود وزن وادي واسط واسع واسعه وباء وكر وكور
    وهم وهن وعي ودي فرنسا فرنسي فرنسيه فلسطين فلسطيني فلسطينيه فريق فرق فرقه فصل فصيل فصائل فصايل فساد فتره فتح
    فتوي فكر فكره فقر فقير فيلق فيلم فضائيه فضايي فندق فوضي فوج فرع فروع فرد افراد فرصه فرز فعل فشل فنان فهم فيديو
    فيروس فلوجه فدرالي فرار فضه فضاء بيت بيوت باب بيان بيانات بغداد بعثه بلد بلاد بلدان بلده بلدات بلديه بنك بنوك
    برلمان بريطانيا بريطاني بريطانيه بطل بطاقه بحث بحر بدايه بديل برنامج برج بريد بشر بشري بشريه بصره بصمه بضائع
    بضايع بعد بعث بعض بغدادي بقاء بناء بنت بنات بنيه بندقيه بنزين بوابه بيئه بيع بيجي بيشمركه بيروت بلجيكا بيش
    بوتين بوش بيولوجي بلير بشار بارزاني بابل بادوش باحث باحثه باريس باكستان بالغ بتر بترول برد برقيه برميل بسيط
    بنود بند بصير بطوله كتاب كتب كتابه كتيبه كتائب كتايب كبير كبيره كبار كلام كلمه كلمات كلب كرد كردي كرديه
    كردستان كركوك كرامه كربلاء كثير كثيره كشف كهرباء كوادر كيان كيانات كامل كاميرا كاميرات كارثه كاتب كنيسه كنائس
    كنايس كوريا كويت كويتي كفر كفار كمين كمائن كماين كيماوي كيمياوي كيميائي كيميايي كلور كسر كثافه كشمير كليه كنز
    كوكب كرسي كره كذب كلفه كفيل كفاله كيس كميه كميات لبنان لبناني لبنانيه ليبيا ليبي ليبيه ليل ليله لواء لجنه لجان
    لاجئ لاجي لاجيين لغه لغات لقاء لقاءات لندن لون لوحه لاعب لبن لحم لحظه لحظات لعبه لغم ليث ليرا ليره لاحق لاحقه
    لافته لطيف لص لصوص لوم لسان لباس لازم لعنه لفظ لقب لقاح لوبي
"""
WHOLE = frozenset(_WHOLE.split())
"""Everyday words whose first letter only looks like a conjunction or preposition."""

_IRREGULAR = """
    men:man women:woman children:child people:person policemen:policeman gunmen:gunman spokesmen:spokesman
    wives:wife lives:life knives:knife thieves:thief leaves:leaf feet:foot teeth:tooth said:say fled:flee
    fought:fight took:take taken:take held:hold led:lead sent:send spent:spend built:build lost:lose made:make
    met:meet paid:pay sold:sell told:tell went:go gone:go came:come ran:run began:begin begun:begin broke:break
    broken:break brought:bring bought:buy caught:catch chose:choose chosen:choose drove:drive driven:drive
    fell:fall fallen:fall gave:give given:give grew:grow grown:grow heard:hear hid:hide hidden:hide kept:keep
    knew:know known:know left:leave lay:lie rose:rise risen:rise saw:see seen:see shot:shoot shown:show
    spoke:speak spoken:speak stole:steal stolen:steal stood:stand struck:strike swore:swear sworn:swear
    taught:teach thought:think threw:throw thrown:throw won:win withdrew:withdraw withdrawn:withdraw wrote:write
    written:write died:die dying:die dies:die lies:lie lying:lie news:news analyses:analysis crises:crisis
    bases:base buses:bus gases:gas
"""
IRREGULAR = dict(pair.split(":") for pair in _IRREGULAR.split())
"""English forms that no ending tells."""

_COMMON_ARABIC = """
    في من على إلى عن مع هذا هذه ذلك تلك هؤلاء الذي التي الذين ما لا لم لن إن أن كان كانت يكون تكون كل بعض غير بين
    بعد قبل عند منذ حتى خلال أو أم ثم إذ إذا لو قد لقد سوف هو هي هم هن نحن أنا له لها لهم به بها بهم فيه فيها منه
    منها عليه عليها إليه إليها عنه عنها معه معها كما لكن بل أي أية أيضا حيث كذلك هناك هنا كانوا أنه أنها أنهم إنه
    إنها إنهم لأن بأن ليس ليست مما فقد وقد عليهم منهم فيهم لديه لدى اللذان اللذين اللواتي إلا يا مثل حول ضد نحو
    دون أمام
"""
COMMON_ARABIC = tuple(_COMMON_ARABIC.split())

_COMMON_ENGLISH = """
    a an and are as at be been but by for from had has have he her him his i in into is it its of on or our she so
    such than that the their them then there these they this those to was we were which who whom will with would
    you your not no al el
"""
COMMON_ENGLISH = tuple(_COMMON_ENGLISH.split())
"""What nearly every sentence has."""
