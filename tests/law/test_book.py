"""The law book: versions, compound codes, settings, confirmations; and that its words and sources are whole."""

from __future__ import annotations

import itertools
import pickle
import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from guangyue.law import BOOK, CALENDAR, CITY, Kind, LawBook, LawError, Source, Span, TermRule, Text, Unit, due, laws
from guangyue.law.audit import Concern, audit
from guangyue.law.competence import (
    ACTIONS,
    AGENCIES,
    BANDS,
    BANS,
    COMPETENCE,
    FACTS,
    LADDERS,
    LEVELS,
    OFFENCES,
    PLACES,
    POWERS,
    ROLES,
    STEPS,
)
from guangyue.law.errors import _SENTENCES
from guangyue.law.holidays import TABLES
from guangyue.law.laws import Law
from guangyue.law.limits import LIMITS
from guangyue.law.papers import FIELDS, PAPERS

NOW, BEFORE = date(2026, 3, 1), date(2025, 12, 31)
TABLES_OF_RULES = (BOOK, LIMITS, COMPETENCE, BANDS, LADDERS, POWERS, BANS, PAPERS)
RULES = tuple(rule for table in TABLES_OF_RULES for rule in table)
LAWS = tuple(law for law in vars(laws).values() if isinstance(law, Law))


def rule(**more):
    given = {
        "code": "L-X", "title": Text("试", "test"), "trigger": Text("始", "start"), "span": Span(5, Unit.DAY),
        "source": Source(Text("法", "law"), "1", "V"), "verified": True, "effective_from": date(2020, 1, 1),
    }  # fmt: skip
    return TermRule(**(given | more))


class TestVersions:
    def test_the_law_of_the_day(self):
        assert BOOK.term("L-PSA-DUE", BEFORE).source.article == "99"
        assert BOOK.term("L-PSA-DUE", NOW).source.article == "118"

    def test_a_moment_counts_as_its_day_in_the_city(self):
        last_second = datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC)
        midnight = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
        assert BOOK.term("L-PSA-DUE", last_second).source.article == "99"
        assert BOOK.term("L-PSA-DUE", midnight).source.article == "118"

    @pytest.mark.parametrize(
        ("code", "on", "error"),
        [
            ("L-NONE", NOW, "law.rule.unknown"),
            ("L-XFER-PS", NOW, "law.rule.parts"),
            ("L-REC.3", BEFORE.replace(year=2022), "law.rule.not_in_force"),
            ("L-PSA-ASK.2", BEFORE, "law.rule.not_in_force"),
        ],
    )
    def test_what_cannot_be_found_says_why(self, code, on, error):
        with pytest.raises(LawError) as refused:
            BOOK.term(code, on)
        assert refused.value.code == error
        assert code in refused.value.text.zh
        assert code in refused.value.text.en

    def test_two_versions_at_once_are_refused(self):
        with pytest.raises(LawError, match="in force at once"):
            LawBook([rule(), rule(effective_from=date(2025, 1, 1))])

    def test_a_gap_between_versions_is_no_rule(self):
        book = LawBook([rule(effective_to=date(2020, 12, 31)), rule(effective_from=date(2022, 1, 1))])
        with pytest.raises(LawError) as refused:
            book.term("L-X", date(2021, 6, 1))
        assert refused.value.code == "law.rule.not_in_force"

    def test_versions_of_the_catalogue_follow_without_a_gap(self):
        for table in TABLES_OF_RULES:
            for code in table.codes():
                known = table.versions(code)
                for older, newer in itertools.pairwise(known):
                    assert (newer.effective_from - older.effective_to).days == 1, code

    @pytest.mark.parametrize(
        "wrong",
        [
            {"extension": Span(5, Unit.DAY)},
            {"max_extensions": 1},
            {"extension": Span(5, Unit.WORKING_DAY), "max_extensions": 1},
            {"cap": Span(4, Unit.DAY)},
            {"clock_time": "18:00", "span": Span(0, Unit.DAY)},
            {"clock_time": "24:00"},
            {"effective_to": date(2019, 1, 1)},
        ],
    )
    def test_a_badly_written_rule_is_refused(self, wrong):
        with pytest.raises(LawError) as refused:
            rule(**wrong)
        assert refused.value.code == "law.rule.malformed"


class TestSettings:
    def test_the_city_keeps_another_promise(self):
        book = BOOK.with_settings({"S-GRACE": "15 min", "S-PASS-URG": Span(2, Unit.WORKING_DAY)})
        assert book.term("S-GRACE", NOW).span == Span(15, Unit.MINUTE)
        assert book.term("S-PASS-URG", NOW).span == Span(2, Unit.WORKING_DAY)
        assert BOOK.term("S-GRACE", NOW).span == Span(10, Unit.MINUTE), "the catalogue itself is untouched"
        assert len(book.terms()) == len(BOOK.terms())

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"L-PAY": "20 d"}, "law.setting.unknown"),
            ({"S-NONE": "20 d"}, "law.setting.unknown"),
            ({"S-GRACE": "1 d"}, "law.setting.unit"),
            ({"S-PASS-URG": "5 h"}, "law.setting.unit"),
            ({"S-CLUE-NIGHT": "1 d"}, "law.setting.unit"),
            ({"S-GRACE": "ten minutes"}, "law.span.malformed"),
        ],
    )
    def test_law_is_no_setting_and_units_keep_their_kind(self, given, error):
        with pytest.raises(LawError) as refused:
            BOOK.with_settings(given)
        assert refused.value.code == error

    def test_promises_and_only_promises_are_settings(self):
        for term in BOOK:
            assert term.is_setting is term.code.startswith("S-")
            assert term.is_setting is (term.source.law == laws.PROMISES.title)


class TestVerified:
    def test_only_national_law_read_in_full_text_is_verified(self):
        for each in RULES:
            assert each.verified is (each.source.mark == "V" and not each.source.local), each.code

    def test_the_legal_office_confirms(self):
        book = BOOK.with_confirmed(["S-GRACE"])
        assert book.term("S-GRACE", NOW).verified
        assert not book.term("S-REACH", NOW).verified
        assert not BOOK.term("S-GRACE", NOW).verified

    def test_confirming_what_is_not_there_is_refused(self):
        with pytest.raises(LawError) as refused:
            BOOK.with_confirmed(["L-XFER-PS"])
        assert refused.value.code == "law.rule.parts"

    def test_some_are_verified_and_some_are_not(self):
        assert {each.verified for each in BOOK} == {True, False}


class TestDayTypes:
    """Rule 0: whether days are working days differs by law."""

    def test_every_term_has_the_day_type_of_its_law(self):
        by_title = {}
        for law in LAWS:
            by_title.setdefault((law.title, law.since), law)
        for each in BOOK:
            if each.span.unit not in {Unit.DAY, Unit.WORKING_DAY} or not each.span.amount:
                continue
            law = next(law for law in LAWS if law.title == each.source.law and law.days) if each.day_source else None
            if law is not None:
                assert each.span.unit is Unit.WORKING_DAY
                assert each.span.amount in law.working
                assert each.day_source == law.source(law.days)
                continue
            clauses = [law for law in LAWS if law.title == each.source.law and law.days]
            for law in clauses:
                wrong = each.span.unit is Unit.DAY and each.span.amount in law.working
                assert not wrong, f"{each.code}: {law.title.zh} counts {each.span.amount} days as working days"

    def test_working_days_without_a_clause_are_those_the_provision_itself_names(self):
        named = {each.code for each in BOOK if each.span.unit is Unit.WORKING_DAY and each.day_source is None}
        assert named == {
            "L-APL-PUB.1", "L-APL-PUB.2", "L-PSA-MED2", "L-PETI.7", "L-PASS.2", "L-PASS.4", "L-DISHON.2", "L-FRD-RET.1",
            "S-DAY", "S-DESK-COMPLEX", "S-DESK-HARD", "S-GAP", "S-OBJECT", "S-RATE-FIX",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "span"),
        [
            ("L-PAY", "15 d"),  # the penalty law means working days by 2, 3, 5 and 7 only
            ("L-TRAF-NOTICE.1", "15 wd"),  # the traffic procedure means them by 15 too
            ("L-APL-90", "90 d"),
            ("L-ENF.1", "10 wd"),
            ("L-SVC-LIC.1", "20 wd"),  # licensing: all of them
            ("L-PSA-SERVE", "2 d"),  # public security: none of them
            ("L-APL-CASH.1", "2 wd"),
            ("L-XFER-DEC.1", "3 d"),
            ("L-REC.2", "5 wd"),
            ("L-EXE-N", "10 d"),
        ],
    )
    def test_known_day_types(self, code, span):
        assert str(BOOK.term(code, NOW).span) == span


class TestLiberty:
    def test_exactly_these_terms_restrict_liberty(self):
        codes = {each.code for each in BOOK if each.liberty}
        assert codes == {f"L-PSA-ASK.{n}" for n in (1, 2, 3)} | {f"L-CR-DET.{n}" for n in (1, 2, 3, 4, 5)}

    def test_an_arrest_request_is_due_on_a_holiday(self):
        detained = datetime(2026, 9, 30, 10, tzinfo=CITY)
        assert due(BOOK.term("L-CR-DET.3", NOW), detained, CALENDAR).at == datetime(2026, 10, 3, 16, tzinfo=UTC)

    def test_what_lapses_by_itself_stays_too(self):
        for each in BOOK:
            assert each.stays is (each.liberty or each.kind is Kind.LASTS or each.clock_time is not None)


class TestAudit:
    def findings(self, today, **more):
        return audit(BOOK, CALENDAR, today, **more)

    def test_the_calendar_alarm_comes_thirty_days_ahead(self):
        def alarmed(today):
            return [f for f in self.findings(today) if f.concern is Concern.CALENDAR]

        assert not alarmed(date(2026, 11, 30))
        assert alarmed(date(2026, 12, 1))
        assert alarmed(date(2027, 3, 1))

    def test_a_rule_about_to_end_is_named(self):
        book = LawBook([rule(effective_to=date(2026, 3, 20)), rule(code="L-Y", effective_to=date(2026, 2, 1))])
        found = {(f.concern, f.code) for f in audit(book, CALENDAR, NOW)}
        assert (Concern.ENDING, "L-X") in found
        assert (Concern.ENDED, "L-Y") in found

    def test_a_code_a_procedure_uses_and_the_book_lacks_is_missing(self):
        found = self.findings(NOW, referenced=("L-PAY", "L-NONE"))
        assert [f.code for f in found if f.concern is Concern.MISSING] == ["L-NONE"]

    def test_every_unverified_rule_in_force_is_listed_once(self):
        found = [f.code for f in self.findings(NOW) if f.concern is Concern.UNVERIFIED]
        assert len(found) == len(set(found))
        expected = {each.code for each in RULES if each.in_force(NOW) and not each.verified}
        assert set(found) == expected

    def test_terms_that_reach_past_the_calendar_are_provisional(self):
        found = {f.code for f in self.findings(date(2026, 12, 20)) if f.concern is Concern.PROVISIONAL}
        assert "L-APL-90" in found
        assert "L-TRAF-DEL" not in found
        assert "S-GRACE" not in found

    def test_nothing_in_the_catalogue_has_ended_or_is_ending(self):
        assert not [f for f in self.findings(date(2026, 11, 22)) if f.concern.is_alarm]


def texts():
    for each in RULES:
        yield each.code, each.title
        yield each.code, each.source.law
        if isinstance(each, TermRule):
            yield each.code, each.trigger
            yield each.code, each.span.text
    for names in (ACTIONS, AGENCIES, FACTS, LEVELS, OFFENCES, PLACES, ROLES, STEPS, FIELDS, _SENTENCES):
        yield from ((str(code), text) for code, text in names.items())
    for law in LAWS:
        yield law.title.en, law.title
    for table in TABLES:
        yield from ((str(table.year), festival.name) for festival in table.festivals)


def test_every_text_is_whole_in_both_languages():
    for code, text in texts():
        assert re.search(r"[\u4e00-\u9fff]", text.zh), code
        assert re.search(r"[A-Za-z]", text.en), code
        assert not re.search(r"[\u4e00-\u9fff]", text.en), code
        assert text.zh == text.zh.strip()
        assert text.en == text.en.strip()
        places = [set(re.findall(r"\{(\w+)\}", sentence)) for sentence in (text.zh, text.en)]
        assert places[0] == places[1], f"{code}: the languages fill different places"


def test_no_title_is_used_for_two_terms_of_one_family():
    for code in BOOK.codes():
        family = {part: BOOK.versions(part)[-1].title for part in BOOK.parts(code)}
        assert len(set(family.values())) == len(family), code


def test_sources_cite():
    assert BOOK.term("L-VEH.2", NOW).source.text == Text(
        "《机动车登记规定》第17、26、52条", "Motor Vehicle Registration Provisions art. 17, 26, 52"
    )
    assert BOOK.term("L-FRD-STOP", NOW).source.text.zh == "银发〔2016〕86号"


def test_text_fills_each_language_with_its_own():
    text = Text("须{what}。", "Required: {what}.").format(what=Text("两人", "two"))
    assert text == Text("须两人。", "Required: two.")
    assert (text.of("zh-hans"), text.of("en"), str(text)) == ("须两人。", "Required: two.", "须两人。")


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        ("5 wd", "5个工作日", "5 working days"), ("1 wd", "1个工作日", "1 working day"), ("30 d", "30日", "30 days"),
        ("6 mo", "6个月", "6 months"), ("2 y", "2年", "2 years"), ("24 h", "24小时", "24 hours"),
        ("10 min", "10分钟", "10 minutes"), ("0 min", "立即", "at once"), ("0 d", "当日", "the same day"),
        ("30 s", "30秒", "30 seconds"), ("81600 s", "22小时40分钟", "22 hours 40 minutes"), ("3661 s", "1小时1分钟1秒", "1 hour 1 minute 1 second"),
    ],
)  # fmt: skip
def test_spans_in_words(span, zh, en):
    assert Span.parse(span).text == Text(zh, en)


@pytest.mark.parametrize("wrong", ["", "5", "wd", "5 weeks", "-5 d", "5.5 d", "5  d", "5 WD", "٥ d", "1234567890 d"])
def test_a_span_that_cannot_be_read_is_refused(wrong):
    with pytest.raises(LawError) as refused:
        Span.parse(wrong)
    assert refused.value.code == "law.span.malformed"


def test_a_negative_span_is_refused():
    with pytest.raises(LawError):
        Span(-1, Unit.DAY)


def test_errors_and_rules_survive_pickling():
    error = LawError("law.rule.unknown", code="L-X")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (again.code, again.params, again.text) == (error.code, error.params, error.text)
    term = BOOK.term("L-PAY", NOW)
    assert pickle.loads(pickle.dumps(term)) == term  # noqa: S301 - our own bytes


def test_importing_the_law_loads_nothing_but_the_standard_library():
    program = (
        "import sys; before = set(sys.modules); import guangyue.law, guangyue.law.competence, guangyue.law.papers, "
        "guangyue.law.audit; print(*sorted({m.split('.')[0] for m in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    outside = {name for name in done.stdout.split() if name not in sys.stdlib_module_names}
    assert outside == {"guangyue"}
    assert not {"logging", "socket", "threading", "asyncio", "subprocess"} & set(done.stdout.split())
