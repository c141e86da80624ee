import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import { serveHttp } from "../serve_http.ts";
import { serveStdio } from "../serve_stdio.ts";
import { tokenFields, tokens } from "../serve_tokens.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly listen?: string;
  readonly stdio?: boolean;
  readonly readOnly?: boolean;
  readonly public?: boolean;
  readonly write?: boolean;
}

export default verb<Flags>({
  description: [
    "Lets others clone, fetch and pull from the instance, and push to it, at http://host:port or over",
    "ssh. It answers on this machine only unless --listen says otherwise, speaks plain HTTP, and leaves",
    "TLS to a proxy in front of it. Who asks needs a token, which 'serve token add' makes and prints",
    "once; only one that was made with --write may push. --public lets everybody read.",
    "--stdio speaks over the standard streams: ssh://host/folder runs 'lamin serve --stdio folder' there",
    "as the user of ssh, who may do what that user may.",
  ].join("\n"),
  examples: [
    ["lamin serve token add anna", "make a token for reading, and print it"],
    ["lamin serve token add robot --write", "one that may push too"],
    ["lamin serve token list", "whose tokens there are"],
    ["lamin serve token remove anna", "take one back, at once"],
    ["lamin serve --listen 127.0.0.1:7420", "serve until it is interrupted"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied],
  flags: {
    listen: text("host:port", "Where to listen (127.0.0.1:7420); port 0 takes a free one"),
    stdio: toggle("Speak over standard input and output, for ssh"),
    readOnly: toggle("Take no push, whoever it comes from"),
    public: toggle("Let everybody read, without a token"),
    write: toggle("With 'token add': it may push, too"),
  },
  arguments: {
    brief: "With --stdio the instance's folder; else token and add, list or remove",
    placeholder: "word",
    maximum: 3,
  },
  async run(context, flags, words) {
    if (words[0] === "token" && !flags.stdio) {
      context.output.requireFields(tokenFields);
      return await tokens(context, words.slice(1), flags.write ?? false);
    }
    if (flags.write) throw new LaminError("usage", "--write is for 'serve token add'");
    if (flags.stdio) {
      if (words.length > 1) throw new LaminError("usage", "--stdio takes one folder");
      return await serveStdio(context, words[0], flags.readOnly ?? false);
    }
    if (words.length > 0) {
      throw new LaminError("usage", `'lamin serve' does not know '${words[0]}'`);
    }
    return await serveHttp(context, {
      listen: flags.listen ?? "127.0.0.1:7420",
      isReadOnly: flags.readOnly ?? false,
      isPublic: flags.public ?? false,
    });
  },
});
