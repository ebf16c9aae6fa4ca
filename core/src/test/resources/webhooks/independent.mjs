// Signs and verifies with the libraries that others publish: reads cases as JSON from standard input, writes what the libraries say to standard output.
import { createPrivateKey, sign as cryptoSign } from "node:crypto";
import { readFileSync } from "node:fs";
import { sign, verify } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";

const believed = (check) => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

const answers = {
  async GITHUB({ secret, body, proof }) {
    return { proof: await sign(secret, body), verified: await verify(secret, body, proof) };
  },
  async STANDARD_SHARED({ secret, body, proof, id, time }) {
    const webhook = new Webhook(secret);
    const headers = { "webhook-id": id, "webhook-timestamp": String(time), "webhook-signature": proof };
    return {
      proof: webhook.sign(id, new Date(time * 1000), body),
      verified: believed(() => webhook.verify(body, headers)),
    };
  },
  // The published library knows no public keys: here Node's own OpenSSL signs.
  async STANDARD_PUBLIC({ key, body, id, time }) {
    const privateKey = createPrivateKey({ key: Buffer.from(key, "base64"), format: "der", type: "pkcs8" });
    const signature = cryptoSign(null, Buffer.from(`${id}.${time}.${body}`), privateKey);
    return { proof: `v1a,${signature.toString("base64")}`, verified: true };
  },
};

const cases = JSON.parse(readFileSync(0, "utf8"));
const said = await Promise.all(cases.map((each) => answers[each.sender](each)));
process.stdout.write(JSON.stringify(said));
