// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.pipeline.Digest;
import java.nio.charset.StandardCharsets;

/**
 * The few lines that a build service is handed: fetch the work order, check its sha-256, run it.
 *
 * <p>The launcher runs with {@code sh} in an empty directory. It needs one of {@code sha256sum}, {@code shasum} and {@code openssl}, for an {@code https:} order {@code curl}; without them it ends
 * with 69, with 65 if the bytes are others than announced. The service may name itself in {@code CUMULANE_SERVICE_ID}. As Azure Pipelines and Cloud Build expand some
 * sequences in scripts, it contains none of dollar-parenthesis, dollar-two-braces and dollar-underscore.
 */
public final class Launcher {
    /** The longest launcher, in bytes. */
    public static final int MOST_BYTES = 2048;

    private static final String TEMPLATE = """
            # Cumulane: fetches one work order, checks it, runs it.
            u=%s
            d=%s
            CUMULANE_STORE=%s
            f=order.sh
            case $u in
              file:*) cp "${u#file:}" $f ;;
              *) curl -fsS --retry 5 -m 60 -o $f -- "$u" ;;
            esac || exit 69
            sum() {
              if command -v sha256sum >/dev/null; then sha256sum <$f
              elif command -v shasum >/dev/null; then shasum -a 256 <$f
              elif command -v openssl >/dev/null; then openssl dgst -sha256 -r <$f
              else echo "== none of sha256sum, shasum, openssl is on the PATH of this machine" >&2; exit 69
              fi
            }
            s=`sum` || exit 69
            case $s in
              "$d "*) ;;
              *) echo "== the work order has other bytes than announced" >&2; exit 65 ;;
            esac
            CUMULANE_TOKEN=`{ echo "${CUMULANE_SERVICE_ID-local}."; od -An -N16 -tx1 /dev/urandom; } | tr -dc A-Za-z0-9:._-`
            export CUMULANE_STORE CUMULANE_TOKEN
            exec sh $f
            """;

    private Launcher() {}

    /**
     * Writes a launcher.
     *
     * @param orderUrl where the order is: {@code https:} or {@code file:} with an absolute path, as it is (not percent-encoded)
     * @param order the order's digest
     * @param store what the order works on: {@code file:} with an absolute path
     * @return a POSIX sh script of at most {@value #MOST_BYTES} bytes
     * @throws IllegalArgumentException if an address has another form, or both together are too long
     */
    public static String script(String orderUrl, Digest order, String store) {
        if (!orderUrl.startsWith("https://") && !orderUrl.startsWith("file:/")) {
            throw new IllegalArgumentException("a work order's address starts with 'https://' or 'file:/', unlike '"
                    + ShellText.shown(orderUrl) + "'");
        }
        if (!store.startsWith("file:/")) {
            throw new IllegalArgumentException(
                    "a store's address starts with 'file:/', unlike '" + ShellText.shown(store) + "'");
        }
        String script = TEMPLATE.formatted(ShellText.quoted(orderUrl), order, ShellText.quoted(store));
        int length = script.getBytes(StandardCharsets.UTF_8).length;
        if (length > MOST_BYTES) {
            throw new IllegalArgumentException("the launcher would have " + length + " bytes and not at most "
                    + MOST_BYTES + ": the addresses of order (" + orderUrl.length() + " characters) and store ("
                    + store.length() + ") are too long");
        }
        return script;
    }
}
