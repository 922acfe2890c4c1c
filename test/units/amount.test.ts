import { expect, test } from "vitest";
import { isAmount } from "../../lib/units/amount.ts";

test.each(["mm/day", "mm d-1", "mm/s", "mm/month", "mm", "cm", "kg m-2 s-1", "kg m**-2", "m/day", "inches"])(
  "%s is of amounts",
  (units) => expect(isAmount(units)).toBe(true),
);

test.each(["K", "degC", "m", "gpm", "m s-1", "km/h", "kg", "Pa", "%", "1", "", "mm K", "m2", "nonsense", "mm s"])(
  "%s is not",
  (units) => expect(isAmount(units)).toBe(false),
);
