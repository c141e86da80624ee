import { test } from "../../skip.ts";
import { drivers } from "./driver.ts";
import { rows } from "./rows.ts";
import { transactions } from "./transactions.ts";

for (const driver of drivers) {
  for (const [name, run] of Object.entries({ ...rows, ...transactions })) {
    test(`database: ${driver.name}: ${name}`, driver.missing, () => run(driver));
  }
}
