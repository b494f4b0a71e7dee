"""Walk the ledger of the office: what was changed, is missing, out of order, cut off or rebuilt is named."""

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office

_ROOT_DIGITS = 64


def verify_ledger(office: Office, deposited: str = "") -> str:
    """A sentence saying that the ledger is whole. `deposited`: a root printed on a signed list or kept outside.

    Raises IntegrityError naming every entry that is not as it was written, UsageError where the root is none.
    """
    root = deposited.strip().lower()
    if root and (len(root) != _ROOT_DIGITS or set(root) - set("0123456789abcdef")):
        raise UsageError(
            "Mốc chốt phải là 64 chữ số thập lục phân như in trên danh sách đã ký. / "
            "A root is 64 hexadecimal digits, as printed on a signed list."
        )
    with office.cases.reading() as connection:
        faults = ledger.faults(connection, root or None)
        entries, last = ledger.entries(connection), ledger.last_seal(connection)
    if faults:
        told = "\n  ".join(f"{fault.what}: {fault.vi} / {fault.en}" for fault in faults)
        raise IntegrityError(f"Sổ ghi không còn nguyên vẹn / the ledger is not whole:\n  {told}")
    sealed = f"mốc chốt số {last[0]}: {last[1]}" if last else "chưa chốt lần nào; hãy chốt rồi gửi lưu"
    sealed_en = "root as above" if last else "never sealed: what was cut off at its end cannot be seen"
    return f"Sổ ghi nguyên vẹn: {entries} mục; {sealed}. / The ledger is whole: {entries} entries; {sealed_en}."


def knows_root(office: Office, root: str) -> bool:
    """Whether the ledger was ever sealed with this root."""
    with office.cases.reading() as connection:
        return ledger.has_root(connection, root)
