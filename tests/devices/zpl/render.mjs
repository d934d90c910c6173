// stdin: ZPL; stdout: the PNG of its first label. Arguments: width mm, height mm, dots per mm.
import { readFileSync, writeFileSync } from "node:fs";
import { ready } from "zpl-renderer-js";

const { api } = await ready;
const [width, height, perMm] = process.argv.slice(2).map(Number);
const label = await api.zplToBase64Async(readFileSync(0, "latin1"), width, height, perMm);
writeFileSync(1, Buffer.from(label, "base64"));
process.exit(0);
