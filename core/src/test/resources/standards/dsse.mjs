// Verifies envelopes with the library of the Sigstore project: reads cases as JSON from standard input, writes what the library says to standard output.
import { readFileSync } from "node:fs";
import sigstore from "@sigstore/core";

const { crypto, dsse } = sigstore;

const believed = ({ envelope, key, algorithm }, payload) =>
  crypto.verify(
    dsse.preAuthEncoding(envelope.payloadType, payload),
    crypto.createPublicKey(key),
    Buffer.from(envelope.signatures[0].sig, "base64"),
    algorithm ?? undefined,
  );

const changed = (payload) => {
  const other = Buffer.from(payload);
  other[10] ^= 1;
  return other;
};

const cases = JSON.parse(readFileSync(0, "utf8"));
const said = cases.map((each) => {
  const payload = Buffer.from(each.envelope.payload, "base64");
  return {
    type: JSON.parse(payload.toString("utf8"))._type,
    verified: believed(each, payload),
    changedOne: believed(each, changed(payload)),
  };
});
process.stdout.write(JSON.stringify(said));
