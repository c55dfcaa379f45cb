// What the time line of the form does with years, without a browser: `node --test tests/clients/jaarlijn.test.mjs`.
import assert from "node:assert/strict";
import test from "node:test";
import { dragged, readYear, readYears, scaleOf, ticks } from "../../web/static/jaarlijn.mjs";

const SCALE = { van: 2025, tot: 2037 };
const WORK = { van: 2027, tot: 2029 };

test("a field that holds no year draws nothing", () => {
  for (const text of ["", "27", "20270", "twee", "1899", "2201", "2027.5"]) assert.equal(readYear(text), null, text);
  assert.equal(readYear(" 2027 "), 2027);
});

test("one year alone counts for both, and years the wrong way round draw nothing", () => {
  assert.deepEqual(readYears("2027", ""), { van: 2027, tot: 2027 });
  assert.deepEqual(readYears("", "2029"), { van: 2029, tot: 2029 });
  assert.deepEqual(readYears("2027", "2029"), WORK);
  assert.equal(readYears("2029", "2027"), null);
  assert.equal(readYears("", ""), null);
});

test("the scale holds the present and every work, with room to drag into", () => {
  assert.deepEqual(scaleOf([], 2026), { van: 2025, tot: 2037 });
  assert.deepEqual(scaleOf([{ van: 2020, tot: 2040 }, WORK], 2026), { van: 2019, tot: 2044 });
  assert.deepEqual(scaleOf([{ van: 1900, tot: 2200 }], 2026), { van: 1900, tot: 2200 });
});

test("a whole bar keeps its length, also at the end of the scale", () => {
  assert.deepEqual(dragged(WORK, "geheel", 3, SCALE), { van: 2030, tot: 2032 });
  assert.deepEqual(dragged(WORK, "geheel", 99, SCALE), { van: 2035, tot: 2037 });
  assert.deepEqual(dragged(WORK, "geheel", -99, SCALE), { van: 2025, tot: 2027 });
});

test("an edge does not pass the other one, nor the end of the scale", () => {
  assert.deepEqual(dragged(WORK, "begin", 1, SCALE), { van: 2028, tot: 2029 });
  assert.deepEqual(dragged(WORK, "begin", 9, SCALE), { van: 2029, tot: 2029 });
  assert.deepEqual(dragged(WORK, "einde", -9, SCALE), { van: 2027, tot: 2027 });
  assert.deepEqual(dragged(WORK, "einde", 99, SCALE), { van: 2027, tot: 2037 });
});

test("a new bar grows to either side of where it was begun", () => {
  const begun = { van: 2030, tot: 2030 };
  assert.deepEqual(dragged(begun, "nieuw", 2, SCALE), { van: 2030, tot: 2032 });
  assert.deepEqual(dragged(begun, "nieuw", -2, SCALE), { van: 2028, tot: 2030 });
});

test("years are written only as close as there is room for", () => {
  assert.deepEqual(ticks({ van: 2025, tot: 2028 }, 800), [2025, 2026, 2027, 2028]);
  assert.deepEqual(ticks(SCALE, 236), [2025, 2030, 2035]);
  assert.deepEqual(ticks({ van: 1900, tot: 2200 }, 100), [1900, 2000, 2100, 2200]);
});
