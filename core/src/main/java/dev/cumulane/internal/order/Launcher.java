// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The few lines that a build service is handed: fetch the work order, check its sha-256, run it.
 *
 * <p>The launcher runs with {@code sh} in an empty directory. It needs one of {@code sha256sum}, {@code shasum} and {@code openssl}, for signed requests {@code curl}; without them it ends
 * with 69, with 65 if the bytes are others than announced. The service may name itself in {@code CUMULANE_SERVICE_ID}. As Azure Pipelines and Cloud Build expand some
 * sequences in scripts, it contains none of dollar-parenthesis, dollar-two-braces and dollar-underscore.
 */
public final class Launcher {
    /** The longest launcher, in bytes. */
    public static final int MOST_BYTES = 2048;

    private static final String FILE = "file:";

    private static final String TEMPLATE = """
            # Cumulane: fetches one work order, checks it, runs it.
            CUMULANE_STORE=%s
            d=%s
            f=order.sh
            (umask 077; : >$f)
            %s || exit 69
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

    /** The pass goes in by a pipe: a command's arguments can be seen by all. Ingress answers with a redirect to the signed request. */
    private static final String FETCH = """
            get() {
              command -v curl >/dev/null || { echo "== curl is not on the PATH of this machine" >&2; exit 69; }
              for i in 1 2 4 8 16 0; do
                s=`echo '%s' | curl -qsSL --connect-timeout 20 -m 120 --data-binary @- -o $f -w '%%{http_code}' "$CUMULANE_STORE"`
                case $?:$s in 0:2*) return ;; *:40[0-7]) break ;; esac
                sleep $i
              done
              echo "== the work order cannot be fetched: the last answer was $s" >&2
              exit 69
            }
            get""";

    private Launcher() {}

    /**
     * Writes the launcher of an order that is a file and works on a directory.
     *
     * @param orderUrl where the order is: {@code file:} with an absolute path, as it is (not percent-encoded)
     * @param order the order's digest
     * @param store what the order works on: {@code file:} with an absolute path
     * @return a POSIX sh script of at most {@value #MOST_BYTES} bytes
     * @throws IllegalArgumentException if an address has another form, or both together are too long
     */
    public static String script(String orderUrl, Digest order, String store) {
        String path = checked("a work order's", orderUrl).substring(FILE.length());
        return launcher(checked("a store's", store), order, "cp " + ShellText.quoted(path) + " $f");
    }

    /**
     * Writes the launcher of an order that works through signed requests.
     *
     * @param ingress where the order and its requests are asked for
     * @param pass what is shown there to get the order
     * @param order the order's digest
     * @return a POSIX sh script of at most {@value #MOST_BYTES} bytes
     * @throws IllegalArgumentException if the pass holds other characters than letters, digits and spaces, or both together are too long
     */
    public static String script(URI ingress, String pass, Digest order) {
        if (!pass.matches("[a-z0-9 ]+")) {
            throw new IllegalArgumentException("a pass is lower-case letters, digits and spaces");
        }
        return launcher(ingress.toString(), order, FETCH.formatted(pass));
    }

    private static String checked(String whose, String address) {
        if (!address.startsWith(FILE + "/")) {
            throw new IllegalArgumentException(
                    whose + " address starts with 'file:/', unlike '" + ShellText.shown(address) + "'");
        }
        return address;
    }

    private static String launcher(String store, Digest order, String fetch) {
        String script = TEMPLATE.formatted(ShellText.quoted(store), order, fetch);
        int length = script.getBytes(StandardCharsets.UTF_8).length;
        if (length > MOST_BYTES) {
            throw new IllegalArgumentException("the launcher would have " + length + " bytes and not at most "
                    + MOST_BYTES + ": the address of the store (" + store.length()
                    + " characters) and what fetches the order (" + fetch.length() + ") are too long");
        }
        return script;
    }
}
