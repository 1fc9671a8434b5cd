"""Names of streets and people, put together from words; any likeness to somebody living is chance."""

from __future__ import annotations

__all__ = ["ALLEYS", "COLOURS", "EAST_WEST", "GIVEN", "NORTH_SOUTH", "SURNAMES", "VEHICLES"]

# fmt: off
EAST_WEST: tuple[tuple[str, str], ...] = (
    ("清堤路", "Qingdi Road"), ("望湖路", "Wanghu Road"), ("麦收路", "Maishou Road"), ("柳荫路", "Liuyin Road"),
    ("光岳路", "Guangyue Road"), ("书院路", "Shuyuan Road"), ("闸口路", "Zhakou Road"), ("棠梨路", "Tangli Road"),
    ("徒河路", "Tuhe Road"),
)
NORTH_SOUTH: tuple[tuple[str, str], ...] = (
    ("西环街", "Xihuan Street"), ("杏花街", "Xinghua Street"), ("石榴街", "Shiliu Street"), ("钟声街", "Zhongsheng Street"),
    ("楼前大街", "Louqian Avenue"), ("运河街", "Yunhe Street"), ("桑园街", "Sangyuan Street"), ("铜匠街", "Tongjiang Street"),
    ("东环街", "Donghuan Street"),
)
ALLEYS: tuple[tuple[str, str], ...] = tuple(
    (f"{zh}巷", f"{en} Lane") for zh, en in (
        ("灯笼", "Denglong"), ("面坊", "Mianfang"), ("竹器", "Zhuqi"), ("井台", "Jingtai"), ("豆腐", "Doufu"), ("驼铃", "Tuoling"),
        ("米市", "Mishi"), ("铁锅", "Tieguo"), ("纸坊", "Zhifang"), ("油灯", "Youdeng"), ("槐角", "Huaijiao"), ("布袋", "Budai"),
        ("茶棚", "Chapeng"), ("船钉", "Chuanding"), ("鼓楼北", "Gulou North"), ("葫芦", "Hulu"), ("染坊", "Ranfang"), ("糖画", "Tanghua"),
        ("车轮", "Chelun"), ("绳匠", "Shengjiang"), ("烧饼", "Shaobing"), ("雁阵", "Yanzhen"), ("芦苇", "Luwei"), ("磨盘", "Mopan"),
    )
)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
)
GIVEN = (
    "晨雨秋禾春麦青禾小满白露霜降立夏谷雨清和知秋念禾望舒听雨沐风云起星河远山初晴晚晴暖阳向阳朝露新雪明月长庚启明南风北辰松涛竹影梅香兰舟"
    "荷风菊影杏雨桃夭柳岸榆钱槐安桑榆枫桥棠梨榴火麦浪稻香苇白鹭飞雁回鹤鸣鹿鸣鱼跃"
)
"""Two characters each."""
COLOURS = (("白色", 0.38), ("黑色", 0.19), ("灰色", 0.15), ("银色", 0.11), ("蓝色", 0.08), ("红色", 0.06), ("绿色", 0.03))
VEHICLES = (("小型轿车", 0.62), ("小型普通客车", 0.25), ("轻型货车", 0.08), ("微型面包车", 0.05))
# fmt: on
