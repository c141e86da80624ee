/** One of many processes that count in one row: `writer_process.ts ADDRESS TIMES`, as JSON. */
import { connectDatabase } from "../../../store/database/connect_database.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { kinds } from "./tables.ts";

const [address, times] = Deno.args;
const database = await connectDatabase(denoHost(), JSON.parse(address!));
for (let time = 0; time < Number(times); time++) {
  await database.write(async (writer) => {
    const [row] = await writer.select(kinds, "id = 1");
    await writer.update(kinds, [1], { count: row!.count! + 1 });
    await writer.insert(kinds, [{ name: `${Deno.pid} ${time}`, count: row!.count }]);
  });
}
await database.close();
