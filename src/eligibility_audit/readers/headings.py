"""What headings mean: the words offices write above their columns, and how near a heading comes to them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from eligibility_audit.standardise import encodings
from eligibility_audit.standardise.names import fold

# Known headings, `;` between them; `~0.7` after one lowers what it is worth. Compared folded: capitals, diacritics,
# underscores and punctuation do not matter. A field may be possible in several kinds of list.
KNOWN: Final[Mapping[str, str]] = {
    "ordinal": """STT; TT; Số TT; Số thứ tự; Thứ tự; No; No.; T/T; S.T.T; Index; Row; Row number;
        Số~0.5; #; Stt hộ~0.8; STT khẩu; STT người; Record id; Row id; Rec id; Seq; Serial; Serial no""",
    "dossier_no": """Số hồ sơ; Mã hồ sơ; Mã HS; Số HS; Hồ sơ số; HS số; Mã số hồ sơ; Ký hiệu hồ sơ;
        Số, ký hiệu hồ sơ; Mã đối tượng; Mã ĐT; Mã NCC; Số hồ sơ NCC; Số hồ sơ Sở; Số hồ sơ Bộ; Mã số~0.8;
        Mã~0.6; Hồ sơ~0.85; Số~0.5; Số ký hiệu~0.8; Mã số HS; Mã số NCC; Mã quản lý; Mã số đối tượng;
        Mã người hưởng; Số sổ trợ cấp~0.8; Dossier no; Dossier number; File no; Case no;
        Số hiệu hồ sơ; Số hiệu; Mã QN~0.8; Mã quân nhân~0.8; Số thẻ TB; Số thẻ thương binh; Số GCN thương binh;
        Sổ hồ sơ;
        Mã số NCC; Số HSNCC; Dossier id; Case id; Beneficiary id; Person id; File number; Dossier""",
    "name": """Họ và tên; Họ tên; Họ, tên; Họ & tên; Tên~0.85; Tên đối tượng; Họ tên đối tượng;
        Họ và tên đối tượng; Họ tên khai sinh; Họ và tên khai sinh; Họ tên người hưởng; Họ và tên người hưởng;
        Họ và tên người hưởng trợ cấp; Người hưởng; Người hưởng trợ cấp; Đối tượng hưởng~0.75; Đối tượng~0.6;
        Tên người hưởng; Họ tên chủ hộ~0.96; Chủ hộ~0.96; Họ và tên chủ hộ~0.96; Tên chủ hộ~0.96;
        Họ tên thân nhân~0.9; Họ và tên thân nhân~0.9; Họ tên người hưởng tuất; Họ và tên người hưởng tuất;
        Họ tên người có công;
        Họ và tên NCC; Họ tên NCC; Họ tên người chết; Họ và tên người chết; Người chết; Người đã chết;
        Người mất; Họ tên người mất; Họ, chữ đệm, tên; Họ, chữ đệm, tên người chết;
        Họ, chữ đệm, tên người được khai tử; Họ tên người được khai tử; Người được khai tử;
        Họ và tên người khuyết tật; Họ tên NKT; Họ tên quân nhân; Họ và tên quân nhân; Họ tên nạn nhân;
        Họ tên thành viên; Họ và tên thành viên; Họ tên thành viên hộ; Họ và tên các thành viên trong hộ;
        Họ tên chủ hộ và các thành viên; Họ tên chủ hộ, thành viên;
        Tên đối tượng hưởng; Họ tên người được hỗ trợ; Họ và tên người được hỗ trợ; Người được hỗ trợ;
        Người nhận hỗ trợ;
        Họ tên người lao động; Họ tên người bị nhiễm; Họ và tên người HĐKC~0.85; Họ và tên người cao tuổi;
        Họ tên NCT; Họ và tên trẻ; Họ và tên (chữ in hoa); Tên NCC; Họ tên người được thanh tra;
        Họ tên đối tượng thanh tra; Full name; Name; Beneficiary; Beneficiary name; Person;
        Họ, chữ đệm và tên khai sinh; Họ, chữ đệm và tên; Họ, chữ đệm, tên khai sinh; Họ tên con;
        Họ và tên con; Họ và tên con đẻ; Họ và tên người nhiễm; Họ và tên người chết; Họ tên người nghỉ hưu;
        Họ và tên, bí danh; Họ tên (bí danh); Full name of deceased; Deceased; Deceased name; Citizen name;
        Veteran name;
        Person name; Head of household; Họ và tên người cư trú; Họ tên người vi phạm; Tên người chết""",
    "surname_middle": """Họ và tên đệm; Họ và chữ đệm; Họ, chữ đệm; Họ đệm; Họ và đệm; Họ lót;
        Họ và tên lót; Họ, tên đệm; Họ; Họ tên đệm; Họ và chữ lót; Surname; Last name; Family name;
        Surname and middle name""",
    "given_name": "Tên; Tên riêng; Tên gọi; Tên chính; Given name; First name",
    "alias": """Bí danh; Tên khác; Tên gọi khác; Tên thường gọi; Tên thường dùng; Biệt danh;
        Bí danh, tên gọi khác; Alias; Other name""",
    "date_of_birth": """Ngày sinh; Năm sinh; Ngày tháng năm sinh; Ngày, tháng, năm sinh;
        Ngày/tháng/năm sinh; Sinh ngày; Sinh năm; Sinh; NTNS; NS; N.sinh; Năm sinh chủ hộ; Ngày sinh chủ hộ;
        Ngày sinh người chết; Năm sinh người chết; Thời điểm sinh; Ngày, tháng năm sinh; Ngày, năm sinh; N/S;
        Tháng năm sinh; Ngày (năm) sinh; Ng. sinh; Năm sinh (ngày tháng năm sinh); Ngày tháng sinh;
        Năm sinh con; Ngày sinh con; Date of birth; DOB; Birth date; Birth; D.O.B; Birth year; Ngày sinh (năm sinh);
        Ngày tháng năm sinh hoặc năm sinh; Tuổi (năm sinh)~0.9; Birthday; Year of birth; Born;
        Ngày sinh (dd/mm/yyyy)""",
    "birth_if_male": """NS Nam; Sinh nam; Ns (nam); Nam (năm sinh); Nam (ngày sinh); Năm sinh nam;
        Ngày sinh nam; Sinh năm nam; Nam sinh năm; Năm sinh (nam)""",
    "birth_if_female": """NS Nữ; Sinh nữ; Ns (nữ); Nữ (năm sinh); Nữ (ngày sinh); Năm sinh nữ;
        Ngày sinh nữ; Sinh năm nữ; Nữ sinh năm; Năm sinh (nữ)""",
    "birth_day": "Ngày sinh ngày; Sinh ngày ngày; Birth day; Day of birth; Day",
    "birth_month": "Tháng sinh; Ngày sinh tháng; Birth month; Month of birth; Month~0.8",
    "birth_year": "Ngày sinh năm; Sinh ngày năm; Year~0.8",
    "sex": """Giới tính; Nam/nữ; Nam nữ; GT; G.tính; Phái; Giới; Nữ/nam; Giới tính (nam/nữ); Sex;
        Gender""",
    "national_id": """Số CMND; CMND; CMT; Số CMT; CMTND; Số CMTND; Số CCCD; CCCD; Số CMND/CCCD;
        CMND/CCCD; CMND hoặc CCCD; Chứng minh nhân dân; Chứng minh thư; Số chứng minh thư;
        Số chứng minh nhân dân; Số chứng minh; Căn cước công dân; Căn cước; Số căn cước; Số căn cước công dân;
        Thẻ căn cước; Số thẻ căn cước; Số định danh; Số định danh cá nhân; Mã định danh; Mã định danh cá nhân;
        ĐDCN; Số ĐDCN; SĐDCN; Số giấy tờ tùy thân; Giấy tờ tùy thân; Số CMT/Thẻ CC; Số CMT/CCCD; CMND chủ hộ;
        CCCD chủ hộ; CMND/CCCD/Hộ chiếu; Số GTTT; Số CMND/Thẻ CCCD; CMND số; CCCD số; Số CC; Số thẻ CC;
        CMND/CCCD số; Chứng minh nhân dân số; Căn cước công dân số; Giấy tờ tùy thân số; CMTND/CCCD;
        Số CMND/CCCD/ĐDCN; National id; ID number; ID no; ID; Identity card; NID; Citizen id;
        ID card; ID card no; Identity number; Citizen number; National number; Số CMTND/CCCD; CMND (CCCD); Số CMT/CC;
        Số CMND/Thẻ căn cước/ĐDCN; Số ĐDCN/CMND; Mã ĐDCN; SOCMT; SOCC; Personal id; Personal number""",
    "hamlet": """Thôn; Xóm; Thôn, xóm; Thôn/xóm; Tổ dân phố; Thôn/TDP; Thôn, TDP; Khu phố; Tổ; Ấp; Khóm; Ấp/khóm;
        Khóm, ấp; Buôn; Sóc; Khối;
        Bản; Khu dân cư; Làng; Thôn, tổ dân phố; Thôn (tổ); Thôn, bản; Số nhà, thôn; Xóm, tổ; Hamlet; Village;
        Địa chỉ (thôn, xóm); Khu dân cư, thôn; Thôn, khu; Thôn/bản; Thôn/khu phố; Thôn/ấp; Tên thôn; Thôn xóm, tổ;
        Thôn/Tổ dân phố; Nơi ở thôn; Địa chỉ thôn; TDP; Khu""",
    "commune": """Xã; Phường; Xã/phường; Xã, phường; Xã, phường, thị trấn; Xã/phường/thị trấn;
        Xã phường; Đơn vị xã; Tên xã; Phường xã; Phường/xã; Phường, xã; Xã (phường); Xã/TT; Xã, thị trấn;
        Xã, TT; Đơn vị (xã); Cấp xã; UBND xã; Nơi ở xã; Địa chỉ xã; Xã/Phường/TT; Thuộc xã; Đơn vị cấp xã;
        Xã quản lý; Tên xã, phường; Địa bàn xã; Commune; Ward; Commune/ward; P/X; Commune name; Ward name;
        Tên xã/phường; Tên phường; Nơi ở (xã); Xã/P/TT; Xã, P, TT""",
    "district": """Huyện; Quận; Huyện, thành phố; Huyện/thành phố; Quận/huyện; Quận, huyện; Huyện/TP;
        TP/huyện; Huyện thị; Tên huyện; Đơn vị huyện; Thành phố; Huyện, thị xã, thành phố; Huyện, TP;
        Cấp huyện; Nơi ở huyện; Địa chỉ huyện; Huyện (TP); Thuộc huyện; District; District name; Tên huyện, TP;
        Quận huyện thị; Phòng LĐTBXH""",
    "address": """Địa chỉ; Nơi ở; Nơi cư trú; Chỗ ở; Chỗ ở hiện nay; Trú quán; Nơi ở hiện nay;
        Thường trú; Hộ khẩu; Hộ khẩu thường trú; HKTT; Nơi đăng ký hộ khẩu thường trú; Nơi thường trú;
        Nơi ĐKHKTT; Nơi đăng ký thường trú; Nơi đăng ký HKTT; Xã, huyện; Xã/huyện; Xã - huyện; Nơi cư trú cuối cùng;
        Nơi thường trú cuối cùng; Địa chỉ thường trú; Địa chỉ cư trú; Nơi đang ở; Thôn, xã, huyện; Thôn, xã;
        Thôn (xã, huyện); Xã, phường, huyện; Nơi ở (thôn, xã); Địa chỉ (thôn, xã, huyện); Cư trú tại;
        Địa chỉ nơi ở; Đ/c; Nơi cư trú hiện nay; Thường trú tại; Địa chỉ liên hệ; Nơi ở trước khi chết;
        Nơi cư trú trước khi chết; Chỗ ở (thôn, xã, huyện); Phường, quận; Nơi ĐKTT; ĐKTT; Nơi ĐK thường trú;
        Địa chỉ nhận; Địa chỉ nhận tiền; Nơi lĩnh~0.85; Nơi nhận lương~0.8;
        Địa chỉ liên lạc; Địa chỉ hiện nay; Nơi ở, thường trú; Hộ khẩu trước khi chết; Nơi ở cuối cùng;
        Trú quán trước khi chết;
        Nơi cư trú (thôn, xã, huyện); Thôn, xã (phường); Nơi thường trú/tạm trú; Nơi thường trú hoặc tạm trú;
        Tạm trú~0.85;
        Quê quán, trú quán~0.9; Quê quán (trú quán)~0.9; Nơi ở (quê quán)~0.9; Address; Residence;
        Place of residence; Last residence; Home address; Permanent address; Full address""",
    "home_place": """Nguyên quán; Quê quán; Quê; Quê gốc; Sinh quán; Nơi sinh; Quê hương;
        Place of origin; Home town; Native place; Quê quán (xã, huyện, tỉnh)""",
    "phone": """Điện thoại; Số điện thoại; SĐT; ĐT; Số ĐT; Điện thoại liên hệ; Di động; Phone;
        Telephone; Mobile""",
    "note": "Ghi chú; Chú thích; Ghi chú khác; G/chú; GC; Lưu ý; Note; Notes; Remark; Remarks; Comment",
    "decision": """Số, ngày QĐ; Số, ngày quyết định; Số ngày QĐ trợ cấp; Số và ngày quyết định;
        Quyết định số, ngày; Căn cứ QĐ; Căn cứ quyết định; Quyết định; QĐ; QĐ trợ cấp; Quyết định trợ cấp;
        Quyết định hưởng; Quyết định hưởng trợ cấp; QĐ hưởng; QĐ số, ngày; QĐ số ngày tháng; Số QĐ, ngày QĐ;
        Số/ngày QĐ; Số QĐ~0.95; Số quyết định~0.95; Quyết định (số, ngày); Quyết định (số, ngày, tháng, năm);
        Theo quyết định; Số QĐ/ngày; Số, ngày tháng năm quyết định; Quyết định trợ cấp số ngày; Decision;
        Decision number and date;
        Số QĐ - ngày QĐ; Số QĐ và ngày; QĐ hưởng (số, ngày); QĐ hưởng TCXH số, ngày, tháng;
        Số, ngày, tháng, năm QĐ""",
    "decision_no": """Số quyết định; Số QĐ; Quyết định số; QĐ số; Số QĐ trợ cấp; Số QĐ hưởng;
        Quyết định | Số; Decision no; Decision number""",
    "decision_date": """Ngày quyết định; Ngày QĐ; Ngày ra quyết định; Ngày ký QĐ; Ngày ký; Ngày ban hành;
        Quyết định ngày; Ngày tháng QĐ; Ngày tháng năm QĐ; Ngày, tháng, năm quyết định;
        Quyết định ngày tháng năm; Ngày ban hành QĐ; Decision date; Ngày ký quyết định; Ngày QĐ trợ cấp;
        Ngày QĐ hưởng; Ngày, tháng, năm QĐ""",
    "start_month": """Thời điểm hưởng; Hưởng từ; Hưởng từ tháng; Từ tháng~0.88; Từ~0.96; Từ tháng năm~0.96;
        Từ tháng, năm~0.96; Ngày hưởng; Tháng hưởng;
        Thời gian hưởng; T/gian hưởng; TG hưởng; Bắt đầu hưởng; Thời điểm bắt đầu hưởng; Hưởng từ ngày;
        Thời điểm hưởng trợ cấp; Ngày bắt đầu hưởng; Tháng bắt đầu hưởng; Thời gian được hưởng;
        Hưởng trợ cấp từ; Hưởng trợ cấp từ tháng; Được hưởng từ; Hưởng từ tháng năm; Hưởng từ tháng/năm;
        Tháng, năm hưởng; Thời gian bắt đầu hưởng; Hưởng TC từ; Paid from; Start month; Start date; Benefit start;
        From month~0.8; Payment start; Hưởng từ ngày, tháng; Ngày, tháng hưởng;
        Thời điểm được hưởng; Hưởng kể từ; Ngày hưởng trợ cấp; Từ ngày~0.96""",
    "monthly_amount": """Mức trợ cấp; Mức TC/tháng; Mức TC; Mức trợ cấp tháng; Mức trợ cấp/tháng;
        Mức trợ cấp hàng tháng; Mức trợ cấp hằng tháng; Số tiền trợ cấp; Số tiền TC; Số tiền; Thành tiền;
        Tiền trợ cấp; Trợ cấp hàng tháng; Trợ cấp hằng tháng; Mức hưởng; Mức hưởng hàng tháng; Mức hưởng/tháng;
        Tiền~0.9; Số tiền/tháng; Mức lương hưu; Lương hưu; Tiền lương hưu; Mức tiền; Trợ cấp tháng;
        Trợ cấp/tháng; Trợ cấp~0.85; Tổng tiền; Tổng cộng~0.7; Số tiền hưởng; Kinh phí; Số tiền được hưởng;
        Tiền/tháng; Mức lương; Số tiền hàng tháng; Mức chi trả; Số tiền chi trả; TC hàng tháng;
        Tổng mức trợ cấp; Mức TCXH; Mức trợ cấp (đồng); Mức trợ cấp (đồng/tháng); Mức hưởng hiện tại;
        Đang hưởng~0.7; Tiền TC; Mức~0.9; Mức TC hiện hưởng; Mức trợ cấp hiện hưởng; Mức trợ cấp đang hưởng;
        Mức đang hưởng;
        Số tiền đang hưởng;
        Số tiền lương hưu, trợ cấp; Mức lương hưu, trợ cấp; Lương hưu/trợ cấp; Tổng mức hưởng; Tổng số tiền;
        Số tiền lương hưu;
        Mức trợ cấp, phụ cấp; Trợ cấp ưu đãi hàng tháng; Số tiền thực lĩnh; Thực lĩnh; Thực nhận; Mức TC tháng;
        MUCTC; SOTIEN;
        Monthly amount; Monthly allowance; Allowance; Amount; Pension amount; Monthly benefit; Benefit amount;
        Monthly payment;
        Monthly pension; Amount per month; Pension""",
    "amount": """Số tiền; Số tiền hỗ trợ; Thành tiền; Tiền hỗ trợ; Tổng tiền; Kinh phí hỗ trợ;
        Kinh phí; Mức hỗ trợ; Số tiền được nhận; Tổng số tiền; Số tiền nhận; Đã nhận~0.8; Số tiền chi trả;
        Số tiền đã chi; Số tiền được hỗ trợ; Tổng số tiền hỗ trợ; Tổng kinh phí; Tiền~0.9; Số tiền (đồng);
        Tổng cộng~0.7; Tổng tiền hỗ trợ; Số tiền đã nhận; Số tiền thực nhận; Thực nhận; Số tiền được hỗ trợ (đồng);
        Amount; Amount paid; Total; Total amount; Paid amount; Relief amount; Support amount""",
    "group": """Nhóm; Nhóm đối tượng; Diện; Diện hưởng; Diện đối tượng; Loại đối tượng; Đối tượng;
        Phân loại; Diện ĐT; Nhóm ĐT; Loại ĐT; Đối tượng hỗ trợ; Nhóm hỗ trợ; Loại trợ cấp; Mã đối tượng~0.75;
        Mã nhóm; Đối tượng hưởng; Chế độ; Chế độ hưởng; Diện chính sách; Diện hưởng trợ cấp; Loại hình;
        Là đối tượng; Thuộc diện; Thuộc đối tượng; Loại; Hình thức~0.7; Diện hưởng chế độ; Loại chế độ;
        Nhóm, diện đối tượng; Mã trợ cấp~0.8; Loại đối tượng hưởng; Group; Category; Beneficiary group;
        Loại NCC; Đối tượng NCC; Đối tượng chính sách; Diện ưu đãi; Nhóm đối tượng theo NQ42; Phân loại trợ cấp;
        Tên trợ cấp;
        Loại thương binh; Hạng; Đối tượng (bản thân/con); Đối tượng trợ cấp; PL trợ cấp; Đối tượng thụ hưởng;
        Diện trợ cấp;
        Thuộc nhóm đối tượng; Loại đối tượng trợ cấp; Group name; Beneficiary type; Target group; Benefit category;
        Class~0.8;
        Benefit type; Type~0.8""",
    "months": """Số tháng; Số tháng hưởng; Số tháng hỗ trợ; Tháng~0.7; Thời gian hỗ trợ;
        Số tháng được hỗ trợ; Số tháng được hưởng; Thời gian hỗ trợ (tháng); Months; Number of months; Month count;
        Số tháng nhận""",
    "paid_on": """Ngày chi; Ngày chi trả; Ngày nhận; Ngày nhận tiền; Ngày trả; Ngày cấp tiền;
        Thời gian chi; Thời gian chi trả; Ngày phát; Ngày thanh toán; Ngày chi tiền; Ngày ký nhận; Ngày lĩnh;
        Ngày lĩnh tiền; Ngày hỗ trợ; Ngày cấp phát; Paid on; Payment date; Date paid; Đã nhận tiền ngày;
        Đã nhận ngày; Nhận tiền ngày; Ngày đã nhận; Ngày cấp hỗ trợ; Paid date""",
    "service": """Thời gian tham gia kháng chiến; Thời gian ở chiến trường; Thời gian tham gia;
        Thời gian chiến đấu; Thời gian phục vụ; Thời gian công tác; Thời gian hoạt động; Thời gian HĐKC;
        Thời gian TGKC; Quá trình tham gia kháng chiến; Quá trình công tác; Thời gian ở vùng rải chất độc;
        Từ ... đến; Từ - đến; Từ tháng năm đến tháng năm; Thời gian~0.85; T/g ở chiến trường;
        TG ở chiến trường; Thời gian phục vụ chiến trường; Thời gian nhập ngũ - xuất ngũ;
        Thời gian tham gia chiến trường B, C, K; Thời gian tham gia chiến đấu; Thời gian hoạt động kháng chiến;
        Thời gian tại ngũ; Thời gian tại chiến trường; Thời gian (từ - đến); Service period; Period of service;
        Nhập ngũ - xuất ngũ; TG tham gia KC; T.gian tham gia KC; Thời gian nhập ngũ, xuất ngũ; Service years;
        Thời gian (từ tháng năm đến tháng năm); Thời gian tham gia kháng chiến (từ - đến)""",
    "service_from": """Từ; Vào; Từ tháng~0.9; Nhập ngũ; Ngày nhập ngũ; Tháng năm nhập ngũ; Năm nhập ngũ;
        Thời gian vào; Từ ngày; Từ năm; Từ tháng, năm; Bắt đầu; Ngày vào chiến trường; Đi B; Ngày đi B;
        Vào chiến trường; Vào B; Từ (tháng/năm); Thời gian từ; Ngày NN; Ngày vào; Tháng, năm nhập ngũ;
        Thời gian nhập ngũ; Từ tháng năm; Vào bộ đội; Tuyển dụng~0.8; Enlisted; Enlistment date;
        Date enlisted; Service start; Service from; From; Start""",
    "service_to": """Đến; Ra; Đến tháng; Xuất ngũ; Ngày xuất ngũ; Tháng năm xuất ngũ; Năm xuất ngũ;
        Đến ngày; Đến năm; Đến tháng, năm; Kết thúc; Ra khỏi chiến trường; Rời chiến trường; Ra Bắc; Ngày ra;
        Đến (tháng/năm); Thời gian đến; Phục viên; Ra quân; Ngày ra quân; Ngày XN; Ngày XN/PV; Đến tháng năm;
        Tháng, năm xuất ngũ; Thời gian xuất ngũ; Ngày phục viên; Discharged;
        Discharge date; Date discharged; Service end; Service to; To; End""",
    "unit": """Đơn vị; Đơn vị công tác; Đơn vị chiến đấu; Đơn vị quân đội; Cơ quan, đơn vị;
        Đơn vị, cơ quan; Phiên hiệu đơn vị; Đơn vị khi ở chiến trường; Cơ quan đơn vị; Đơn vị hoạt động;
        Đơn vị tham gia; Phiên hiệu; Phiên hiệu đơn vị; Đơn vị khi đi B; Đơn vị trước khi xuất ngũ;
        Đơn vị ở chiến trường; Đ/vị; ĐV;
        D.vị; DVI; Tên đơn vị; Cơ quan, đơn vị công tác; Unit; Military unit; Unit name""",
    "place": """Địa bàn; Chiến trường; Địa bàn hoạt động; Nơi chiến đấu; Địa bàn chiến đấu;
        Nơi hoạt động; Nơi công tác~0.85; Chiến trường B, C, K; Địa bàn (B, C, K); Vùng chiến đấu;
        Nơi tham gia kháng chiến; Nơi hoạt động kháng chiến; Địa điểm; Nơi đóng quân; Khu vực chiến đấu; Mặt trận;
        Chiến trường tham gia;
        Địa bàn tham gia; Nơi phục vụ; Địa bàn công tác; Địa bàn chiến trường; Place of service; Place;
        Địa bàn tham gia kháng chiến; Địa bàn đóng quân; Nơi công tác, chiến đấu; Chiến trường đã tham gia;
        Địa bàn HĐ; Nơi HĐKC;
        Địa bàn hoạt động kháng chiến; Nơi bị nhiễm; Vùng bị nhiễm; Tỉnh, chiến trường; Vùng~0.9; Theatre;
        Battlefield; Area""",
    "unit_place": """Đơn vị, chiến trường; Đơn vị, địa bàn; Đơn vị và địa bàn;
        Đơn vị, địa bàn hoạt động; Đơn vị/chiến trường; Đơn vị, nơi chiến đấu; Đơn vị - chiến trường;
        Đơn vị - địa bàn; Nơi công tác, đơn vị; Đơn vị, địa bàn chiến đấu; Đơn vị, nơi công tác;
        Đơn vị/địa bàn; Đơn vị, nơi hoạt động; Chiến trường, đơn vị; Địa bàn, đơn vị; Đơn vị và chiến trường;
        Unit and place; Đơn vị, chiến trường tham gia; Đơn vị, địa bàn HĐ; Đơn vị, địa bàn đóng quân""",
    "disease": """Bệnh tật; Tình trạng bệnh tật; Bệnh; Tên bệnh; Bệnh tật, dị dạng, dị tật;
        Dị dạng, dị tật; Dị tật; Dạng dị tật; Tình trạng dị dạng, dị tật; Loại bệnh; Bệnh mắc phải; Mắc bệnh;
        Chẩn đoán; Bệnh, tật; Tình trạng bệnh; Bệnh (dị tật); Kết luận bệnh; Loại bệnh tật; Bệnh, dị tật;
        Bệnh, dị dạng, dị tật; Tên bệnh, tật; Tật, bệnh; Dị dạng; Bệnh do nhiễm chất độc hóa học;
        Mắc bệnh, dị tật; Tình trạng sức khỏe; Loại dị tật; Disease; Diagnosis; Bệnh tật hiện tại;
        Tình hình bệnh tật, dị tật; Tình trạng bệnh, tật; Tình hình bệnh tật; Bệnh tật được kết luận;
        Bệnh tật, dị tật; Kết luận bệnh tật; Tên bệnh, dị dạng, dị tật; Dạng dị dạng, dị tật; Illness; Condition;
        Malformation""",
    "percent": """Tỷ lệ; Tỷ lệ tổn thương; Tỷ lệ tổn thương cơ thể; Tỷ lệ TTCT; TTCT; Tỷ lệ %;
        % TTCT; Tỷ lệ thương tật; Tỷ lệ MSLĐ; MSLĐ; % MSLĐ; Tỷ lệ suy giảm; Tỷ lệ suy giảm khả năng lao động;
        Tỷ lệ SGKNLĐ; SGKNLĐ; Suy giảm KNLĐ; Tỷ lệ mất sức lao động; Tỷ lệ TT; TLTT; TLTTCT; TL; TL%; %;
        Tỷ lệ mất sức; Mức suy giảm khả năng lao động; Tỷ lệ suy giảm KNLĐ; Tỷ lệ tổn thương cơ thể (%);
        Tỷ lệ thương tật (%); % thương tật; Percent; Rate; Injury rate; % tổn thương; Tỷ lệ bệnh tật; TL TTCT;
        % suy giảm; Tỷ lệ TT/MSLĐ; Kết luận của HĐ GĐYK (tỷ lệ %); Tỷ lệ giám định; % bệnh tật; Tỷ lệ MSLĐ (%);
        Disability percent; Injury percent; Percentage; TLTT""",
    "parent_name": """Con của; Con ông bà; Con ông (bà); Họ tên cha/mẹ; Họ tên cha mẹ; Họ tên bố/mẹ;
        Họ tên bố mẹ; Họ và tên bố/mẹ; Họ và tên cha/mẹ; Họ và tên cha (mẹ); Họ tên bố (mẹ); Tên bố mẹ;
        Tên cha mẹ; Bố/mẹ; Cha/mẹ; Cha (mẹ); Bố (mẹ); Con của ông bà; Con của ông (bà); Con ông/bà;
        Họ và tên cha mẹ là người HĐKC; Họ tên cha/mẹ là người HĐKC; Họ tên bố mẹ là người HĐKC;
        Người HĐKC~0.9; Họ tên người HĐKC~0.9; Là con của; Cha hoặc mẹ; Con đẻ của; Con đẻ của ông (bà);
        Con đẻ của người HĐKC; Bố hoặc mẹ; Thân nhân là người HĐKC; Họ tên bố (mẹ) bị nhiễm;
        Họ tên cha (mẹ) bị nhiễm; Con ông, bà; Bố, mẹ là người HĐKC; Họ tên bố, mẹ; Họ tên cha, mẹ;
        Con của NCC; Họ tên người có công (cha/mẹ); Parent; Parent name; Father or mother; Name of parent""",
    "parent_dossier_no": """Số hồ sơ cha/mẹ; Số hồ sơ của cha/mẹ; Mã hồ sơ cha mẹ; Mã hồ sơ cha/mẹ;
        Số hồ sơ bố/mẹ; Số HS bố/mẹ; Mã HS bố/mẹ; Mã HS cha/mẹ; Hồ sơ của cha mẹ; Số hồ sơ người HĐKC;
        Mã hồ sơ người HĐKC; Hồ sơ bố mẹ; Mã hồ sơ bố (mẹ); Số hồ sơ bố (mẹ); Số hồ sơ cha (mẹ); Hồ sơ bố/mẹ;
        Hồ sơ cha/mẹ; HS bố mẹ; Số HS cha/mẹ; Parent dossier; Parent dossier no; Mã HS người HĐKC;
        Số HS của bố/mẹ; Số hồ sơ bố mẹ; Số hồ sơ cha mẹ; Số hồ sơ của bố (mẹ); Số HS người HĐKC; SOHSBOME; SOHSCHAME;
        Số HS bố (mẹ); Số HS cha (mẹ); Parent file no""",
    "papers": """Giấy tờ gốc; Giấy tờ; Giấy tờ (ngày lập); Giấy tờ gốc (ngày lập);
        Giấy tờ, ngày lập; Giấy tờ chứng minh; Căn cứ giấy tờ; Loại giấy tờ; Giấy tờ kèm theo; Hồ sơ gốc;
        Giấy tờ trong hồ sơ; Giấy tờ làm căn cứ; Tên giấy tờ; Giấy tờ xác nhận; Thành phần hồ sơ;
        Giấy tờ căn cứ; Giấy tờ chứng minh tham gia kháng chiến; Giấy tờ chứng minh thời gian tham gia;
        Giấy tờ tham gia kháng chiến; Giấy tờ có trong hồ sơ; Papers; Documents; Document; Hồ sơ, giấy tờ;
        Giấy tờ lưu trong hồ sơ; Căn cứ xác lập hồ sơ; Giấy tờ lập hồ sơ; Căn cứ; Giấy tờ gốc, ngày lập;
        Loại giấy tờ chứng minh; Giấy tờ chứng minh tham gia HĐKC; Giấy tờ chứng minh bị nhiễm""",
    "paper_date": """Ngày lập; Ngày lập giấy tờ; Ngày cấp giấy tờ; Ngày giấy tờ; Năm lập;
        Ngày tháng lập; Ngày lập giấy; Giấy tờ ngày lập; Ngày xác lập; Ngày xác lập giấy tờ;
        Ngày lập giấy tờ gốc; Ngày, tháng, năm lập giấy tờ; Năm lập giấy tờ; Ngày của giấy tờ; Paper date;
        Date of paper; Document date""",
    "disability_level": """Dạng/mức KT; Dạng tật; Mức độ khuyết tật; Mức độ KT; Mức độ; Dạng khuyết tật;
        Dạng, mức độ khuyết tật; Loại khuyết tật; Mức khuyết tật; Mức KT; Dạng KT; Dạng tật, mức độ;
        Mức độ NKT; Dạng và mức độ khuyết tật; Khuyết tật; Dạng tật, mức độ khuyết tật;
        Mức độ khuyết tật (dạng); Dạng tật - mức độ; Mức độ KT (nặng, ĐBN); Disability level; Disability;
        Kind and level of disability; Disability type""",
    "certificate_no": """Số GXN; Số giấy xác nhận; Số giấy xác nhận khuyết tật; Giấy xác nhận KT;
        Giấy xác nhận khuyết tật; Số GXNKT; Số GXN khuyết tật; Số GXN KT; Số GCN; Giấy chứng nhận khuyết tật;
        Số giấy CN; Giấy XNKT; Số giấy XNKT; Số XNKT; Giấy xác nhận mức độ khuyết tật; GXN KT; GXNKT;
        Số giấy chứng nhận; Số giấy chứng nhận khuyết tật; Số hiệu giấy xác nhận; GXN; Giấy xác nhận;
        Số GXN mức độ KT; Số giấy XN khuyết tật; Certificate no; Certificate number; Disability certificate;
        Giấy xác nhận số""",
    "coefficient": """Hệ số; HS; H/số; Hệ số hưởng; Hệ số trợ cấp; Hệ số TC; Mức hệ số; Hệ số (mức);
        Coefficient; Multiplier; Factor; Hệ số trợ cấp (lần)""",
    "guardian": """Người nhận thay; Người giám hộ; Người chăm sóc; Người nuôi dưỡng;
        Họ tên người nhận thay; Người đại diện; Người nhận tiền; Người lĩnh thay; Người lĩnh tiền;
        Người nhận hộ; Họ tên người chăm sóc; Họ tên người nuôi dưỡng; Người được ủy quyền;
        Họ và tên người giám hộ; Họ và tên người nhận thay; Người bảo trợ; Người nhận~0.85;
        Người nhận trợ cấp thay; Người đứng tên nhận; Họ tên người nhận; Họ và tên người nhận;
        Họ và tên người nhận tiền; Họ tên người nhận trợ cấp; Guardian; Payee; Người đại diện nhận;
        Người giám hộ, nhận thay; Người nhận thay, giám hộ; Người giám hộ/nhận thay; Họ tên người nhận TC;
        Họ và tên người nhận thay trợ cấp; Caregiver; Carer""",
    "household_no": """Mã hộ; Số hộ; Mã số hộ; Mã hộ nghèo; Số sổ hộ nghèo; Hộ số; Mã hộ gia đình;
        Mã số hộ gia đình; Mã sổ; Mã hộ dân; Household no; Household number; Household id; Household;
        Household code; Mã hộ nghèo, cận nghèo; Mã số hộ nghèo; HOID""",
    "household_class": """Loại hộ; Phân loại hộ; Diện hộ; Hộ nghèo/cận nghèo; Hộ nghèo, cận nghèo;
        Kết quả rà soát; Phân loại; Diện; Đối tượng hộ; Chuẩn nghèo; Thuộc diện; Diện hộ nghèo, cận nghèo;
        Hộ nghèo hoặc cận nghèo; Nghèo/cận nghèo; Loại; Class; Household class; Kết quả phân loại; Diện nghèo;
        Hộ nghèo~0.85; Poverty status; Status of household; Household type; Hộ nghèo N1~0.8; Phân loại hộ nghèo;
        Category~0.8""",
    "household_size": """Số khẩu; Số nhân khẩu; Nhân khẩu; Khẩu; Số người; Số người trong hộ; Số thành viên;
        Số TV; Tổng số khẩu; Tổng số nhân khẩu; Số khẩu trong hộ; Household size; Size; Persons; Family size;
        Tổng số người; Tổng khẩu; Số nhân khẩu trong hộ""",
    "relation": """Quan hệ với chủ hộ; Quan hệ; QH với chủ hộ; Mối quan hệ; Quan hệ chủ hộ;
        Mối quan hệ với chủ hộ; QHCH; Relation; Relation to head; Relationship; Relationship to head; QH với CH;
        Quan hệ với CH""",
    "members": """Các thành viên khác; Thành viên; Thành viên trong hộ; Các thành viên;
        Các thành viên khác (năm sinh, quan hệ); Các thành viên trong hộ; Họ tên các thành viên;
        Nhân khẩu trong hộ; Thành viên khác; Các nhân khẩu; Thành viên hộ; Những người trong hộ;
        Danh sách thành viên; Các nhân khẩu khác; Thành viên khác trong hộ; Các thành viên còn lại;
        Người trong hộ; Members; Other members; Thành viên (năm sinh, quan hệ); Các khẩu khác""",
    "registration_no": """Số đăng ký; Số ĐK; Số khai tử; Số giấy khai tử; Số trích lục; Số đăng ký khai tử;
        Số giấy chứng tử; Số giấy báo tử; Số~0.75; Số/quyển; Số, quyển số; Số trích lục khai tử; Số GKT;
        Số vào sổ; Số ĐKKT; Số/quyển số; Đăng ký số; Đăng ký khai tử số; Khai tử số; Số trích lục KT;
        Registration no; Registration number; Số chứng tử; Quyển số, số; Reg no; Registration id;
        Số giấy chứng tử, báo tử; Số GCT; Số ĐK khai tử; Số sổ khai tử; Record no""",
    "registered_on": """Ngày đăng ký; Ngày ĐK; Ngày đăng ký khai tử; Ngày khai tử; Ngày vào sổ; Ngày ĐKKT;
        Ngày ghi sổ; Ngày cấp trích lục; Ngày cấp~0.7; Ngày tháng đăng ký; Ngày, tháng, năm đăng ký;
        Đăng ký ngày; Đăng ký khai tử ngày; Registered on; Ngày cấp GCT; Ngày cấp giấy chứng tử;
        Ngày, tháng, năm ĐKKT; Ngày, tháng, năm đăng ký khai tử; Reg date; Registration date; Date registered""",
    "died_on": """Ngày chết; Ngày mất; Ngày tháng chết; Chết ngày; Mất ngày; Ngày từ trần;
        Ngày qua đời; Thời điểm chết; Ngày tháng năm chết; Ngày, tháng, năm chết; Ngày tháng năm mất;
        Đã chết vào lúc; Năm mất; Năm chết; Chết vào ngày; Thời gian chết; Đã chết ngày; Ngày giờ chết;
        Từ trần ngày; Ngày, tháng, năm từ trần; Thời điểm mất; Giờ, ngày chết; Died on; Date of death;
        Ngày tháng năm từ trần; Ngày, tháng năm chết; Ngày, tháng, năm mất; Chết lúc; Mất lúc; Ngày báo tử~0.7;
        Deceased on; Died;
        Ngày chết (dương lịch); Death date""",
    "book_no": """Số sổ; Số sổ BHXH; Mã số BHXH; Số BHXH; Mã BHXH; Số sổ hưu; Số sổ lương hưu;
        Sổ BHXH; Số thẻ hưu; Số sổ hưu trí; Số sổ trợ cấp; Mã sổ; Mã số~0.7; Số sổ lĩnh tiền; Số hồ sơ hưu;
        Số sổ hưởng; Book no; Book number; Insurance number; Social insurance number; Social insurance no;
        Insurance no; SI number; Pension no; Pension book; Pension book no; Mã số hưu; Số sổ/mã số BHXH;
        Số sổ (mã số BHXH)""",
    "pension_kind": """Loại hưởng; Loại chế độ; Chế độ; Chế độ hưởng; Loại lương hưu; Loại trợ cấp;
        Diện hưởng; Loại hình; Loại; Loại BHXH; Mã chế độ; Đối tượng hưởng~0.8; Hình thức hưởng;
        Loại đối tượng; Chế độ BHXH; Đối tượng; Loại hình hưởng; Loại trợ cấp BHXH; Chế độ đang hưởng; Pension kind;
        Kind; Type; Pension type; Benefit type; Benefit kind; Benefit""",
    "conclusion_no": """Số kết luận; Kết luận số; KL số; Số KL; Số văn bản; Kết luận thanh tra số; KLTT;
        Số KLTT; Kết luận thanh tra~0.85; Số kết luận thanh tra; Theo kết luận; Conclusion no;
        Conclusion number; Văn bản kết luận; Kết luận~0.6; Số, ngày kết luận; Số KL thanh tra; Văn bản số""",
    "conclusion_date": """Ngày kết luận; Ngày KL; Ngày ban hành KL; Ngày ban hành kết luận; Ngày KLTT;
        Kết luận ngày; Ngày văn bản; Conclusion date; Date of conclusion; Ngày ký kết luận""",
    "finding_group": """Nhóm nội dung; Nhóm vấn đề; Nhóm vi phạm; Nhóm; Loại sai phạm; Dạng sai phạm; Nhóm sai phạm;
        Phân loại; Phân nhóm; Loại nội dung; Nhóm tồn tại; Loại; Dạng vi phạm; Loại vi phạm; Loại tồn tại;
        Nhóm kết luận; Danh mục; Mục; Phụ lục; Category; Finding group; Nhóm sai sót; Tiêu đề; Nhóm hành vi;
        Hành vi sai phạm~0.88; Hành vi vi phạm~0.88;
        Loại hành vi; Violation type; Finding type; Finding category""",
    "finding_text": """Nội dung kết luận; Nội dung; Nội dung sai phạm; Nội dung KL; Tồn tại; Sai phạm;
        Nội dung phát hiện; Kết quả thanh tra; Kết quả xác minh; Tồn tại, hạn chế; Lý do~0.85;
        Nội dung vi phạm; Kết luận của thanh tra; Kết luận~0.9; Nội dung tồn tại; Nội dung thanh tra;
        Kết luận thanh tra~0.85; Tồn tại, sai phạm; Finding; Finding text; Sai sót; Nội dung tồn tại, sai phạm;
        Kết luận của Đoàn thanh tra; Nội dung kết luận của thanh tra; Nhận xét; Kết luận của Đoàn; Nội dung VP;
        Hành vi sai phạm~0.9; Hành vi vi phạm~0.9; Kết quả kiểm tra; Kết quả rà soát~0.9;
        Kết luận nội dung; Kết quả thẩm tra xác minh; Nội dung sai sót; Kết quả kiểm tra, xác minh; Result;
        Findings; Description""",
    "handling": """Xử lý; Kiến nghị xử lý; Kiến nghị; Hướng xử lý; Biện pháp xử lý; Yêu cầu xử lý;
        Đề nghị xử lý; Hình thức xử lý; Đề nghị; Kiến nghị của Đoàn; Kiến nghị của thanh tra; Yêu cầu;
        Kết quả xử lý; Handling; Required handling; Recommendation; Action; Biện pháp; Xử lý sau thanh tra;
        Đề xuất; Đề nghị của Đoàn thanh tra; Đề xuất xử lý; Biện pháp khắc phục; Kiến nghị, xử lý; Hướng giải quyết;
        Recommended action""",
}

# In a list that lacks the second field, its headings mean the first.
STANDS_FOR: Final[Mapping[str, str]] = {
    "amount": "monthly_amount",
    "monthly_amount": "amount",
    "household_class": "group",
    "pension_kind": "group",
    "finding_group": "group",
    "start_month": "paid_on",
    "group": "household_class",
}

# Headings of columns that no field takes. Without them a signature column would be taken for a name.
NOTHING: Final = """Ký nhận; Ký tên; Chữ ký; Ký; Người nhận ký; Xác nhận; Dân tộc; Tôn giáo;
        Nghề nghiệp; Chức vụ; Cấp bậc; Cấp bậc, chức vụ; Cấp bậc chức vụ; Quân hàm; Số tài khoản; Tài khoản;
        STK; Ngân hàng; Tên ngân hàng; Tuổi; Trình độ; Ngày cấp; Nơi cấp; Ngày cấp CMND; Nơi cấp CMND;
        Ngày cấp CCCD; Nơi cấp CCCD; CMND ngày cấp; CMND nơi cấp; Ngày, nơi cấp; BHYT; Số thẻ BHYT; Thẻ BHYT;
        Truy lĩnh; Truy thu; Phụ cấp; Phụ cấp khu vực; Tỉnh; Tỉnh/thành phố; Người nhập; Trạng thái;
        Tình trạng; Người đi khai; Họ tên người đi khai; Người đi đăng ký; Người đi khai tử; Người yêu cầu;
        Quốc tịch; Nguyên nhân chết; Nguyên nhân; Nơi chết; Nơi mất; Số ngày; Đơn giá; Họ tên vợ; Họ tên chồng;
        Vợ (chồng); Họ tên vợ/chồng; Họ tên liệt sĩ; Tên liệt sĩ; Liệt sĩ; Thân nhân liệt sĩ; Cơ quan quản lý;
        Đơn vị quản lý; Đơn vị chi trả; Điểm chi trả; Bưu điện; Người lập; Ngày nhập; Ngày cập nhật; Mã tỉnh;
        Mã huyện; Mã xã; Mức chuẩn; Chuẩn trợ cấp; Số tháng truy lĩnh; Tiền truy lĩnh; Mai táng phí;
        Ngày vào Đảng; Ngày biên bản GĐYK; Biên bản giám định; Hội đồng giám định; Số biên bản; Cán bộ chi trả;
        Email; Họ tên bố; Họ tên mẹ; Họ tên cha; Tên cha; Tên mẹ; Cha; Mẹ; Bố; Điểm; Điểm B1; Điểm B2; Số lần;
        Đoàn thanh tra; Nơi đăng ký; Nơi đăng ký khai tử; Ethnicity; Religion; Occupation; Bank account; Age;
        Signature; Status; Created at; Updated at; Province; Trường học; Lớp; Ngày thôi hưởng; Ngày cắt;
        Lý do giảm; Lý do thôi hưởng; Ngày dừng hưởng; QĐ dừng hưởng; Lý do dừng hưởng; Nơi khám bệnh;
        Trạng thái hưởng; Căn cứ kết luận;
        Mã dân tộc; Mức thu nhập; Thu nhập bình quân; Công việc trước khi mất việc; Công việc chính;
        Họ tên khi nhập ngũ; Số giấy báo tử~0.9;
        Bệnh viện; Cơ sở khám chữa bệnh; Quan hệ với đối tượng; Quan hệ với liệt sĩ; Quan hệ với NCC;
        Quan hệ với người chết; Quan hệ với NKT;
        Death place; Place of death;
        Cause; Cause of death; Declarant; Informant; Nationality; Nơi đăng ký KCB; Số tiền phải thu hồi;
        Số tiền thu hồi; Hộ chiếu; Số con;
        Số năm; Mức độ thiếu hụt; Thiếu hụt; Rank; Occupation; Chữ ký người nhận; Ký nhận (hoặc điểm chỉ); Điểm chỉ;
        Người khai;
        Ngày nhận hồ sơ; Ngày lập hồ sơ; Mã đơn vị; Họ tên người khai; Người được cấp giấy; Nơi nhận; Đối chiếu;
        Kết quả đối chiếu; Người ký; Cơ quan ban hành"""

_RESIDENCES: Final = """đ/c; nơi ở; nơi cư trú; địa chỉ; chỗ ở; chỗ ở hiện nay; trú quán; nơi ở hiện nay;
    thường trú; hộ khẩu thường trú; nơi thường trú; hktt; address; địa chỉ cư trú; địa chỉ thường trú"""

# A tier above a column changes what the words below it mean. Words of the tier -> words below -> field ("" = none).
CONTEXTS: Final[tuple[tuple[str, str, Mapping[str, str]], ...]] = (
    (
        "parent",
        """con của; con của ông bà; con ông bà; con ông (bà); là con của; con đẻ của; cha mẹ;
        cha/mẹ; bố mẹ; bố/mẹ; cha (mẹ); bố (mẹ); cha hoặc mẹ; người hđkc; bố hoặc mẹ; thông tin cha mẹ;
        thông tin cha/mẹ; thông tin bố mẹ; cha mẹ là người hđkc; người hoạt động kháng chiến;
        bố mẹ là người hđkc; cha/mẹ là người hđkc; con đẻ của người hđkc; thông tin người hđkc; parent""",
        {
            "name": "parent_name",
            "given_name": "parent_name",
            "dossier_no": "parent_dossier_no",
            "parent_name": "parent_name",
            "*": "",
        },
    ),
    (
        "other",
        """người đi khai; người đi khai tử; người yêu cầu; liệt sĩ; thông tin liệt sĩ;
        vợ chồng; vợ (chồng); người lập; thân nhân; người đi đăng ký; mẹ; cha; bố; người thân""",
        {"*": ""},
    ),
    (
        "guardian",
        """người nhận thay; người giám hộ; người chăm sóc; người nuôi dưỡng; người đại diện;
        người nhận tiền; người nhận hộ; người lĩnh thay; thông tin người nhận thay; guardian""",
        {"name": "guardian", "given_name": "guardian", "guardian": "guardian", "*": ""},
    ),
    ("home", "nguyên quán; quê quán; quê; quê gốc; sinh quán; nơi sinh", {"*": "home_place"}),
    (
        "id",
        """cmnd; cccd; cmnd/cccd; chứng minh nhân dân; căn cước công dân; số cmnd;
        giấy tờ tùy thân; cmt; cmtnd; cmnd hoặc cccd; cmt/cccd; chứng minh thư; thẻ căn cước""",
        {
            "registration_no": "national_id",
            "ordinal": "national_id",
            "national_id": "national_id",
            "dossier_no": "national_id",
            "*": "",
        },
    ),
    (
        "decision",
        """quyết định; qđ; quyết định trợ cấp; quyết định hưởng; quyết định hưởng trợ cấp;
        qđ hưởng; qđ trợ cấp; căn cứ qđ; căn cứ quyết định; decision""",
        {"so": "decision_no", "ngay": "decision_date", "decision_date": "decision_date", "decision_no": "decision_no"},
    ),
    (
        "conclusion",
        "kết luận; kết luận thanh tra; văn bản kết luận; kltt; conclusion",
        {"so": "conclusion_no", "ngay": "conclusion_date", "noi dung": "finding_text"},
    ),
    (
        "registration",
        """đăng ký khai tử; khai tử; đăng ký; trích lục khai tử; giấy khai tử; giấy chứng tử;
        trích lục; sổ khai tử; registration""",
        {
            "so": "registration_no",
            "ngay": "registered_on",
            "ngay dang ky": "registered_on",
            "noi": "",
            "noi dang ky": "",
        },
    ),
    (
        "papers",
        """giấy tờ; giấy tờ gốc; giấy tờ chứng minh; giấy tờ làm căn cứ; giấy tờ căn cứ;
        hồ sơ gốc; giấy tờ trong hồ sơ; papers""",
        {
            "ten": "papers",
            "loai": "papers",
            "ten giay": "papers",
            "loai giay": "papers",
            "ngay": "paper_date",
            "nam": "paper_date",
            "group": "papers",
            "name": "papers",
            "given_name": "papers",
        },
    ),
    (
        "service",
        """thời gian ở chiến trường; thời gian tham gia kháng chiến; thời gian;
        thời gian tham gia; thời gian chiến đấu; thời gian phục vụ; thời gian hđkc; thời gian hoạt động;
        quá trình tham gia kháng chiến; thời gian công tác; thời gian hoạt động kháng chiến; thời gian tại ngũ;
        thời gian tham gia chiến trường; tham gia kháng chiến; hoạt động ở chiến trường; quá trình công tác;
        quá trình chiến đấu; service; thời gian ở chiến trường b, c, k""",
        {
            "tu": "service_from",
            "den": "service_to",
            "start_month": "service_from",
            "ngay vao": "service_from",
            "ngay ra": "service_to",
            "thoi gian": "service",
            "tu den": "service",
        },
    ),
    (
        "death",
        "chết; mất; từ trần; thông tin chết; ngày chết",
        {"ngay": "died_on", "ngay, thang, nam": "died_on", "noi": "", "nguyen nhan": ""},
    ),
    (
        "birth",
        """ngày sinh; năm sinh; ngày tháng năm sinh; ngày, tháng, năm sinh; sinh; sinh ngày;
        sinh năm; ntns; date of birth; ngày/tháng/năm sinh; ngày tháng sinh""",
        {
            "nam nu": "",
            "ngay": "birth_day",
            "thang": "birth_month",
            "d": "birth_day",
            "m": "birth_month",
            "y": "birth_year",
            "day": "birth_day",
            "month": "birth_month",
            "year": "birth_year",
            "ngay sinh": "birth_day",
            "thang sinh": "birth_month",
            "nam sinh": "birth_year",
            "nu": "birth_if_female",
            "male": "birth_if_male",
            "female": "birth_if_female",
            "ong": "birth_if_male",
            "ba": "birth_if_female",
        },
    ),
    (
        "split_name",
        """họ và tên; họ tên; họ, tên; họ và tên đối tượng; họ và tên người hưởng;
        họ tên đối tượng; full name; name""",
        {
            "ho": "surname_middle",
            "dem": "surname_middle",
            "ten dem": "surname_middle",
            "ho dem": "surname_middle",
            "ten": "given_name",
            "name": "given_name",
        },
    ),
    (
        "residence",
        _RESIDENCES,
        {
            "thon": "hamlet",
            "xa": "commune",
            "huyen": "district",
            "so nha": "",
            "duong": "",
            "tinh": "",
            "so nha, duong": "",
            "thon, xa": "address",
        },
    ),
    (
        "allowance",
        "mức trợ cấp; trợ cấp; số tiền; trợ cấp hàng tháng; kinh phí; mức hưởng",
        {
            "muc": "monthly_amount",
            "thang": "monthly_amount",
            "tien": "monthly_amount",
            "tu": "start_month",
            "tu thang": "start_month",
            "tu thang nam": "start_month",
            "tu ngay": "start_month",
            "thoi gian": "start_month",
            "service_from": "start_month",
        },
    ),
    (
        "disability",
        "khuyết tật; thông tin khuyết tật; tình trạng khuyết tật",
        {
            "dang": "disability_level",
            "dang tat": "disability_level",
            "muc do": "disability_level",
            "so gxn": "certificate_no",
            "so": "certificate_no",
            "so giay": "certificate_no",
        },
    ),
)

_CONTEXT_WEIGHT: Final = 0.97
_BARE: Final = re.compile(r"[^\w%#&]+|_+")
_NUMBERED: Final = re.compile(r"^\s*(cột\s*)?\(?\d{1,2}\s*[.):]\s*(?=\D)", re.IGNORECASE)  # '5. Thôn', '(5) Thôn'
_IN_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^][]*\]")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Folded, without punctuation and underscores: `SO_CMND` and `Số CMND:` are one."""
    return " ".join(_BARE.sub(" ", fold(text)).split())


_PLACES_IN_BRACKETS: Final = (
    *((place, "commune") for place in ("xa", "xa phuong", "phuong xa", "xa phuong thi tran", "xa thi tran")),
    *((place, "district") for place in ("huyen", "huyen thanh pho", "huyen tp", "quan huyen")),
    *((place, "hamlet") for place in ("thon", "thon xom", "xom", "to", "thon to", "to dan pho", "ap", "ban", "khu")),
    *((place, "address") for place in ("thon xa", "xa huyen", "thon xa huyen", "xa huyen tinh", "thon xa phuong")),
)


def _phrases() -> tuple[list[str], list[str], "np.ndarray[tuple[int], np.dtype[np.float64]]", int]:
    texts, fields, weights = [], [], []
    for field, known in [*KNOWN.items(), ("", NOTHING)]:
        for entry in known.split(";"):
            words, _, weight = entry.strip().partition("~")
            if key := plain(words) or words.strip():
                texts.append(key)
                fields.append(field)
                weights.append(float(weight or 1))
    typed = len(texts)
    for place, field in _PLACES_IN_BRACKETS:
        for above in _RESIDENCES.split(";"):  # 'Nơi cư trú (xã)' in one tier
            texts.append(f"{plain(above)} {place}")
            fields.append(field)
            weights.append(1.0)
    return texts, fields, np.array(weights), typed


_TEXTS, _FIELDS, _WEIGHTS, _TYPED = _phrases()
_TOKENS: Final = [frozenset(text.split()) for text in _TEXTS]
_LENGTHS: Final = np.array([len(text) for text in _TEXTS])


# Single words that tell much wherever they stand in a heading, and how much at least.
_TELLING: Final = {
    **dict.fromkeys(("cmnd", "cccd", "cmtnd", "cmt"), 0.9),
    **dict.fromkeys(("qd", "quyet dinh"), 0.85),
    **dict.fromkeys(("nhom", "benh", "khau"), 0.6),
}


def _index(keys: Sequence[Iterable[str]]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for position, several in enumerate(keys):
        for key in several:
            found.setdefault(key, []).append(position)
    return found


_BY_TEXT: Final = _index([(text,) for text in _TEXTS])
_BY_SQUEEZED: Final = _index([(text.replace(" ", ""),) for text in _TEXTS])
_BY_TOKEN: Final = _index(_TOKENS)
_FIRST: Final = [text.split()[0].replace("y", "i") for text in _TEXTS]
_TO_THE_LETTER: Final = np.array(  # 'Năm sinh con' is near 'Năm sinh nam', 'Nơi ở hiện nay' near 'Nơi ở hiện nay xã'
    [field in {"birth_if_male", "birth_if_female"} for field in _FIELDS[:_TYPED]] + [True] * (len(_FIELDS) - _TYPED)
)
_LED_BY: Final = 4  # letters that a phrase has at least, to be recognised at the head of a longer heading


_LEARNT: Final[dict[str, set[str]]] = {}  # folded headings of fields that plugins bring; compared to the letter


def learn(field: str, headings: Iterable[str]) -> None:
    """Further headings of a field, for a kind of list that a plugin brings."""
    for heading in headings:
        _LEARNT.setdefault(plain(heading), set()).add(field)
    for cached in (word_scores, is_known, recognised):
        cached.cache_clear()


@lru_cache(maxsize=20_000)
def word_scores(heading: str) -> Mapping[str, float]:
    """For each field, 0..1: how near a heading of one tier comes to its known headings. "" is 'no field'."""
    full = plain(_NUMBERED.sub("", heading))
    if not full and heading.strip() not in {"%", "#"}:
        return {}
    short = plain(_IN_BRACKETS.sub(" ", _NUMBERED.sub("", heading)))
    best = _nearness(full or heading.strip())
    if short and short != full:
        best = np.maximum(best, 0.97 * _nearness(short))
    scores: dict[str, float] = {}
    for position in np.flatnonzero(best >= 0.5):
        field = _FIELDS[position]
        scores[field] = max(scores.get(field, 0.0), float(best[position]))
    return scores | dict.fromkeys(_LEARNT.get(full, ()), 1.0)


def _nearness(text: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    near = np.zeros(len(_TEXTS))
    squeezed = text.replace(" ", "")
    if len(squeezed) > 4:
        ratio = process.cdist([text], _TEXTS, scorer=fuzz.ratio, score_cutoff=80)[0] / 100
        in_order = process.cdist([text], _TEXTS, scorer=fuzz.token_sort_ratio, score_cutoff=80)[0] / 100
        fuzzy = np.maximum(ratio, 0.97 * in_order)
        near = np.where((fuzzy >= 0.78) & (_LENGTHS > 4), 1 - 1.7 * (1 - fuzzy), 0.0)
        near[_TO_THE_LETTER] = 0.0
        near *= _same_head(text.split(maxsplit=1)[0])
        held = Counter(position for word in set(text.split()) for position in _BY_TOKEN.get(word, ()))
        for position, count in held.items():
            if count == len(_TOKENS[position]) > 1:
                near[position] = max(near[position], 0.45 + 0.45 * _LENGTHS[position] / len(text))
        for position in _leading(text):
            near[position] = max(near[position], 0.55 + 0.4 * _LENGTHS[position] / len(text))
    for word in _TELLING.keys() & set(text.split()):
        for position in _BY_TEXT.get(word, ()):
            near[position] = max(near[position], _TELLING[word], 0.45 + 0.45 * len(word) / len(text))
    near = np.minimum(near, 0.97)
    near[_BY_SQUEEZED.get(squeezed, [])] = 0.98
    near[_BY_TEXT.get(text, [])] = 1.0
    return np.asarray(near * _WEIGHTS)


@lru_cache(maxsize=5_000)
def _same_head(word: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """What a likeness is worth: the head of a Vietnamese noun stands first ('Địa bàn …' is no 'Giấy tờ …')."""
    alike = process.cdist([word.replace("y", "i")], _FIRST, scorer=fuzz.ratio)[0]
    return np.where(alike >= 60, 1.0, 0.8)


def _leading(text: str) -> Iterable[int]:
    """Known phrases that a longer heading begins with."""
    words = text.split()
    for count in range(1, len(words)):
        head = " ".join(words[:count])
        if len(head) >= _LED_BY:
            yield from _BY_TEXT.get(head, ())


@lru_cache(maxsize=20_000)
def is_known(text: str) -> bool:
    """True where a cell is, to the letter, a known heading, whatever it is encoded in; quick."""
    if len(text) > 60:
        return False
    for reading in readings(text):
        for key in {plain(reading), plain(_IN_BRACKETS.sub(" ", reading))}:
            if key in _BY_TEXT or key in _LEARNT or (key and key.replace(" ", "") in _BY_SQUEEZED):
                return True
    return False


def scores(tiers: Sequence[str]) -> Mapping[str, float]:
    """For each field, 0..1: how near a heading comes to it, each tier read in the light of those above."""
    cells = [tier for tier in tiers if tier.strip()]
    if not cells:
        return {}
    if len(cells) == 1:
        return word_scores(cells[0])
    found: dict[str, float] = {}
    for field, score in word_scores(" ".join(cells)).items():
        found[field] = score * 0.98
    last = word_scores(cells[-1])
    context = _context(cells[:-1])
    if context is not None:
        changed = _in_context(cells[-1], last, context)
        if changed is not None:
            return changed
    for field, score in last.items():
        found[field] = max(found.get(field, 0.0), score * 0.95)
    for tier in cells[:-1]:
        for field, score in word_scores(tier).items():
            found[field] = max(found.get(field, 0.0), score * 0.6)
    return found


def _context(tiers: Sequence[str]) -> Mapping[str, str] | None:
    return _known_context(tiers) or next(
        (table for tier in reversed(tiers) if (table := _spoken_of(plain(tier)))), None
    )


def _known_context(tiers: Sequence[str]) -> Mapping[str, str] | None:
    best, best_score = None, 0.87
    for tier in tiers:
        key = plain(_IN_BRACKETS.sub(" ", tier)) or plain(tier)
        for known, table in _CONTEXT_PHRASES:
            score = 1.0 if key in known else max(fuzz.ratio(key, phrase) for phrase in known) / 100
            if score > best_score:
                best, best_score = table, score
    return best


@lru_cache(maxsize=5_000)
def _spoken_of(tier: str) -> Mapping[str, str] | None:
    """The table of a tier that is no known phrase, by what it speaks of ('Bố (mẹ) là người HĐKC bị nhiễm')."""
    return next((_TABLES[name] for name, pattern in _SPEAKING_OF if re.search(pattern, tier)), None)


_CONTEXT_PHRASES: Final = [
    (frozenset(plain(phrase) for phrase in phrases.split(";")), table) for _, phrases, table in CONTEXTS
]


_TABLES: Final = {name: table for name, _, table in CONTEXTS}
_SPEAKING_OF: Final = (  # the first that is found counts
    ("guardian", r"giam ho|nhan thay|cham soc|nuoi duong|dai dien|linh thay|nhan ho\b|nguoi nhan (tien|tro cap)"),
    ("other", r"nguoi (di )?(khai|yeu cau|dang ky)|liet si|^(thong tin )?(vo|chong)\b"),
    ("parent", r"(thong tin|cua|la) (cha|bo|me)\b|^(cha|bo|me) |\bcon (de )?(cua|ong|ba)\b|\b(bo|cha) me\b"),
    ("id", r"cmnd|cccd|cmtnd|chung minh|can cuoc|tuy than|dinh danh"),
    ("decision", r"quyet dinh|\bqd\b"),
    ("conclusion", r"ket luan (thanh tra|so)"),
    ("registration", r"khai tu|chung tu|bao tu|trich luc"),
    ("papers", r"^(loai )?giay to|^ho so goc"),
    ("service", r"khang chien|chien truong|quan doi|tai ngu|nhap ngu|bo doi|\bhdkc\b|cong tac|chien dau"),
    ("disability", r"khuyet tat"),
    ("residence", r"^(noi|cho|dia chi).*\b(o|tru|chi)\b|ho khau|hktt"),
    ("birth", r"(ngay|nam|thang).*sinh"),
    ("allowance", r"tro cap|duoc huong|dang huong|muc huong|che do"),
)


def _in_context(heading: str, last: Mapping[str, float], table: Mapping[str, str]) -> Mapping[str, float] | None:
    key = plain(_IN_BRACKETS.sub(" ", heading)) or plain(heading)
    if "nu" in table and key == "nam":
        return {"birth_if_male": 0.97} if "ă" not in heading.lower() else {"birth_year": 0.97}
    field = table.get(key)
    if field is None and last:
        own = max(last, key=lambda f: last[f])
        field = own if own in table.values() else table.get(own)
    if field is None and "*" in table:
        field = table["*"]
    if field is None:
        return None
    return {field: _CONTEXT_WEIGHT}


def readings(text: str) -> tuple[str, ...]:
    """The text as it stands, and decoded from each legacy encoding where it may be written in one."""
    if text.isascii():
        return (text,)
    return (text, *(encodings.decode(text, e) for e in ("tcvn3", "vni") if encodings.decode(text, e) != text))


@lru_cache(maxsize=20_000)
def recognised(text: str) -> tuple[float, str]:
    """How surely a cell is a heading (0..1), and the field it names best, whatever it is encoded in."""
    if len(text) > 120 or not text.strip():
        return 0.0, ""
    best = (0.0, "")
    for reading in readings(text):
        found = word_scores(reading)
        if found:
            field = max(found, key=lambda f: found[f])
            best = max(best, (found[field], field))
    return best


@lru_cache(maxsize=5_000)
def is_tier(text: str) -> bool:
    """True for words that stand above other headings ('Con của', 'Năm sinh')."""
    return any(_known_context([reading]) is not None for reading in readings(text))


@lru_cache(maxsize=5_000)
def may_be_tier(text: str) -> bool:
    """True also for words that only speak of what such headings stand over."""
    return len(text) <= 60 and any(_context([reading]) is not None for reading in readings(text))
