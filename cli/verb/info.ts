import { instanceInfo } from "../../core/instance/info.ts";
import { exitCode } from "../exit.ts";
import { modules } from "../modules.ts";
import { infoJson, renderInfo } from "../render/info.ts";
import { verb } from "../verb.ts";

export default verb({
  description: [
    "Shows which instance is current here, where it lies, what it holds and whether Python finds it.",
    "Nothing is changed.",
  ].join("\n"),
  examples: [
    ["lamin info", "the instance of this folder"],
    ["lamin -C lab/atlas info --json", "another one, for a program"],
  ],
  exitCodes: [exitCode.noInstance],
  async run(context) {
    const instance = await context.instance({ readOnly: true });
    const info = await instanceInfo(instance, modules);
    context.output.result(
      infoJson(instance, info),
      () => renderInfo(instance, info, context.output),
    );
  },
});
