"""The words of the bench window, Korean first: devices, faults, cards, boxes."""

from __future__ import annotations

#: Nominal sizes of the boxes sold at Korea Post's counters, mm, and a weight (g) that suits them.
BOXES = {
    "1호 Box 1 · 22×19×9 cm": (220, 190, 90, 800), "2호 Box 2 · 27×18×15 cm": (270, 180, 150, 1500),
    "2-1호 Box 2-1 · 35×25×10 cm": (350, 250, 100, 1800), "3호 Box 3 · 34×25×21 cm": (340, 250, 210, 3200),
    "4호 Box 4 · 41×31×28 cm": (410, 310, 280, 6500), "5호 Box 5 · 48×38×34 cm": (480, 380, 340, 11000),
}  # fmt: skip
KINDS = {"box": "상자 box", "polybag": "비닐 polybag", "tube": "원통 tube"}
CALLS = {"응답 Answer": "answered", "출발 On the way": "on_the_way", "종료 Close": "closed"}
DEVICES = {
    "scale": "저울", "cameras": "카메라", "payment": "결제 단말기", "label_printer": "라벨 프린터",
    "receipt_printer": "영수증 프린터", "hatch": "투입구", "staff_call": "직원 호출", "locker": "무인 보관함",
    "code_reader": "바코드 스캐너", "signal_tower": "경광등", "id_check": "신분 확인 서버",
    "id_reader": "신분증 판독기", "bank_host": "은행 전산망", "bank_desk": "은행 접수", "pin_pad": "핀패드",
    "document_camera": "문서 카메라", "officer": "담당자 연결",
}  # fmt: skip
CARDS = {
    "genuine": "여권 · 진짜 (genuine)", "altered_dg1": "여권 · 이름 고침 (altered)",
    "unknown_csca": "여권 · 모르는 발급처 (unknown issuer)", "expired_ds": "여권 · 서명 기간 지남 (expired signer)",
    "revoked_ds": "여권 · 서명 취소됨 (revoked signer)", "broken_signature": "여권 · 서명 깨짐 (broken signature)",
    "no_sod": "여권 · 서명 없음 (no signature)",
    "other_state": "여권 · 다른 나라의 서명 (signed by another state)",
    "staff_badge": "직원증 · 기술자 (technician's badge)",
    "officer_badge": "직원증 · 담당관 (officer's badge)",
    "wrong_card": "다른 카드 (some other card)", "two_cards": "카드 두 장 (two cards at once)",
}  # fmt: skip
FAULTS = {
    "altered_dg": "칩 내용 바뀜", "bin_full": "보관통 가득", "bolt_stuck": "빗장 걸림",
    "both_lost": "카메라 둘 다 끊김",
    "cloned": "복제된 칩", "control_chars": "제어 문자 섞임", "cover_open": "덮개 열림", "cutter_jam": "칼날 걸림",
    "dark": "조명 꺼짐", "decline": "카드 거절", "denies": "칩이 거부", "door_left_open": "문 열어 둠",
    "door_stuck": "문 안 열림",
    "duplicate_reply": "답이 두 번 옴", "echo": "질문을 되돌려 보냄", "enquiry_down": "조회 불통",
    "error_reply": "오류로 답함",
    "flood": "코드가 쏟아짐", "foreign_reply": "남의 답이 옴", "frozen": "화면 멈춤", "garbage": "깨진 신호",
    "half_frame": "답이 끊김", "head_hot": "헤드 과열", "http_500": "서버 오류", "jam": "용지 걸림",
    "card_in_words": "말 속에 카드번호", "jammed": "자물쇠 안 움직임", "keeps_jobs": "작업 취소 모름",
    "last_transaction": "마지막 거래로 답", "other_currency": "다른 통화",
    "late_reply": "늦은 답", "late_request": "늦게 도착", "leaf_stuck": "문짝 안 열림",
    "left_lost": "왼쪽 카메라 끊김",
    "logged_out": "로그아웃됨", "moving": "계속 흔들림", "mute": "무응답", "mute_after": "결제 뒤 무응답",
    "mute_before": "결제 전 무응답", "mute_mid_job": "인쇄 중 무응답", "no_acquirer": "카드사 불통",
    "no_extended": "긴 명령 못 보냄",
    "no_answer": "아무도 안 받음",
    "no_parcel_sensor": "소포 감지 안 됨", "no_power": "전원 나감", "no_register": "명부 불통",
    "not_taken": "종이 안 가져감",
    "offline": "오프라인", "overload": "과하중", "paper_low": "용지 부족", "paper_out": "용지 없음",
    "paper_out_mid_job": "인쇄 중 용지 끝",
    "paper_out_at_cut": "자르기 전 용지 끝", "parcel_stuck": "소포 끼임", "pounds": "파운드 단위",
    "pulled": "읽는 중 카드 뺌",
    "relay_stuck": "릴레이 붙음", "right_lost": "오른쪽 카메라 끊김", "sensor_stuck": "센서 멈춤",
    "service_hangs": "PC/SC 멈춤",
    "service_lost": "PC/SC 꺼짐", "short_frame": "짧은 신호", "slow": "느림", "tared": "용기 무게 뺌",
    "too_long": "너무 긴 코드",
    "underload": "영점 아래", "unplug": "선 뽑힘", "unplug_mid_job": "인쇄 중 선 뽑힘", "wedge": "키보드 입력 섞임",
    "wrong_address": "남의 주소로 답", "wrong_amount": "금액 틀림", "wrong_card": "다른 카드",
    "wrong_door": "다른 문 열림",
    "closed": "접수 마감", "dies_mid_transfer": "이체 중 끊김", "expired": "기한 지난 답",
    "long_answer": "너무 긴 답", "lost": "카메라 끊김", "misread": "잘못 읽음", "no_bank": "은행 불통",
    "no_media": "문서 없음", "out_of_order": "순서 바뀐 답", "replayed": "지난 답을 다시 보냄",
    "tampered": "핀패드 뜯김", "unknown_card": "모르는 카드", "unsure": "확신 없음", "wrong_code": "인증 코드 틀림",
    "wrongly_signed": "서명 틀림",
    "wrong_key": "복제된 직원증", "wrong_mac": "보안 채널 깨짐", "wrong_sum": "검사합 틀림",
}  # fmt: skip
LAMPS = {"녹 green": "#1f9d55", "황 amber": "#d99a00", "적 red": "#d13438", "사이렌 siren": "#6b3fd1"}
BANNER = "모두 모의 장치입니다 · Everything here is simulated: no real money moves, no real door opens."
#: Field of a parcel -> label, key of the act, least, most, unit.
SIDES = (
    ("길이 L", "length_mm", 1, 2000, " mm"), ("너비 W", "width_mm", 1, 2000, " mm"), ("높이 H", "height_mm", 1, 2000,
    " mm"),
    ("무게 g", "grams", 1, 60000, " g"), ("돌림 turn", "yaw_deg", -180, 180, "°"),
)  # fmt: skip


def device(name: str) -> str:
    """A device as it is called in the window."""
    return f"{DEVICES[name]} · {name.replace('_', ' ')}" if name in DEVICES else name.replace("_", " ")


def fault(name: str) -> str:
    """A fault as it is called in the window."""
    return f"{FAULTS[name]} · {name.replace('_', ' ')}" if name in FAULTS else name.replace("_", " ")
