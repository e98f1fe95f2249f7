"""Count what goes beyond one level and comes back below another."""

SET_OVER_S = 6.0


class OutAndBack:
    """A repetition is out beyond ``out`` and back below ``back``."""

    def __init__(self, out: float, back: float, over_after_s: float = SET_OVER_S):
        self.count = 0
        self.is_out = False
        self._out, self._back = out, back
        self._over_after_s = over_after_s
        self._first_s: float | None = None
        self._last_move_s: float | None = None

    @property
    def first_s(self) -> float | None:
        """When the first repetition went beyond the line."""
        return self._first_s

    def take(self, time_s: float, level: float) -> int | None:
        """Return the new number when a repetition has just been completed."""
        if not self.is_out and level > self._out:
            self.is_out, self._last_move_s = True, time_s
            if self._first_s is None:
                self._first_s = time_s
        elif self.is_out and level < self._back:
            self.is_out, self._last_move_s = False, time_s
            self.count += 1
            return self.count
        return None

    def is_over(self, time_s: float) -> bool:
        """Tell whether nobody has moved for long enough after the last one."""
        moved = self._last_move_s
        return (
            self.count > 0
            and not self.is_out
            and moved is not None
            and time_s - moved > self._over_after_s
        )
