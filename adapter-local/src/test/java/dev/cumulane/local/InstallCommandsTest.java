// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.local.cli.ExitCode;
import dev.cumulane.local.cli.Terminal;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy}, {@code plan --changes} and {@code remove}, on a cloud whose installer notes what it is asked. */
class InstallCommandsTest {
    private static final Pipeline SHOP =
            Pipeline.define("shop", p -> p.build("build", container("maven:3.9").runs("mvn package")));

    @TempDir
    Path directory;

    private final Terminal terminal = Terminal.piped();
    private final Noted installer = new Noted();

    /** An installer that installs nothing. */
    private static final class Noted implements Installer {
        private final List<String> calls = new ArrayList<>();
        private List<Change> changes = List.of();
        private boolean installed;
        private boolean broken;

        @Override
        public String name() {
            return "stack shop-ci in eu-west-1";
        }

        @Override
        public List<Change> changes(Blueprint.Demand demand) {
            calls.add("changes " + demand.plans().size());
            return changes;
        }

        @Override
        public Installed install(Blueprint.Demand demand, Archive archive, Consumer<String> progress) {
            if (broken) {
                throw CloudException.permanent(
                        "CloudFormation", "not authorized to perform: cloudformation:CreateStack");
            }
            calls.add("install " + archive.code().entry() + " " + demand.ingressSecrets());
            boolean changed = !installed;
            if (changed) {
                progress.accept("Lambda function shop-ci-engine is created");
            }
            installed = true;
            return new Installed(changed, URI.create("https://k3v9.lambda-url.eu-west-1.on.aws"));
        }

        @Override
        public List<Belonging> belongings() {
            return installed
                    ? List.of(
                            new Belonging("S3 bucket shop-ci-1", true),
                            new Belonging("SQS queue: shop-ci-signals", false))
                    : List.of();
        }

        @Override
        public void remove(Consumer<String> progress) {
            calls.add("remove");
            progress.accept("deleting stack shop-ci");
            installed = false;
        }
    }

    /** The simulated cloud, but with an installer. */
    private Cloud cloud() {
        Cloud simulated = SimulatedCloud.of(SHOP);
        return (Cloud) Proxy.newProxyInstance(
                Cloud.class.getClassLoader(), new Class<?>[] {Cloud.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("installer")) {
                        return Optional.of(installer);
                    }
                    try {
                        return method.invoke(simulated, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private int type(String... words) {
        return Cumulane.run(
                terminal.console(),
                words,
                this::cloud,
                () -> List.of(SHOP),
                engine -> engine.repository(Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git")
                        .verifiedBy("hook")));
    }

    private int answering(String answer, String... words) {
        InputStream usual = System.in;
        System.setIn(new ByteArrayInputStream(answer.getBytes(UTF_8)));
        try {
            return type(words);
        } finally {
            System.setIn(usual);
        }
    }

    private Path jar(String entry) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!entry.isEmpty()) {
            manifest.getMainAttributes().putValue("Cumulane-Entry", entry);
        }
        Path jar = directory.resolve("shop-ci.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("shop/ci/ShopCi.class"));
        }
        return jar;
    }

    @Test
    void deploy_installs_and_tells_what_to_enter_at_the_forge() throws Exception {
        assertThat(type("deploy", "--jar", jar("").toString(), "--entry", "shop.ci.ShopCi"))
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(installer.calls).containsExactly("install shop.ci.ShopCi [hook]");
        assertThat(terminal.out().lines())
                .containsExactly(
                        "  Lambda function shop-ci-engine is created",
                        "installed: stack shop-ci in eu-west-1",
                        "  pages    https://k3v9.lambda-url.eu-west-1.on.aws/",
                        "  webhook  https://k3v9.lambda-url.eu-west-1.on.aws/hooks/shop   to be entered at the forge, with the secret that verifies it",
                        "  missing  secret 'hook'; until it is there, ingress answers 503");
    }

    @Test
    void the_jar_can_name_its_entry_itself_and_a_second_time_changes_nothing() throws Exception {
        String jar = jar("shop.ci.ShopCi").toString();
        type("deploy", "--jar", jar);

        assertThat(type("deploy", "--jar", jar, "--json")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out())
                .endsWith(
                        "{\"changed\":false,\"ingress\":\"https://k3v9.lambda-url.eu-west-1.on.aws\",\"hooks\":[\"https://k3v9.lambda-url.eu-west-1.on.aws/hooks/shop\"],\"missingSecrets\":[\"hook\"]}\n");
    }

    @Test
    void a_package_without_entry_or_that_is_missing_is_a_mistake_of_one_line() throws Exception {
        Path jar = jar("");

        assertThat(type("deploy", "--jar", jar.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(type("deploy", "--jar", jar.toString(), "--entry", "shop.ci.Other"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(type("deploy", "--jar", directory.resolve("none.jar").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(type("deploy")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines())
                .containsExactly(
                        "error: which class is the entry of shop-ci.jar? name it with --entry, or under Cumulane-Entry in its manifest",
                        "error: package " + jar + " has no class shop.ci.Other",
                        "error: there is no package " + directory.resolve("none.jar"),
                        "error: this program does not run from one jar; name it with --jar");
    }

    @Test
    void missing_rights_are_one_clear_line_and_three() throws Exception {
        installer.broken = true;

        assertThat(type("deploy", "--jar", jar("shop.ci.ShopCi").toString())).isEqualTo(ExitCode.ENGINE);
        assertThat(terminal.errLines())
                .containsExactly("error: CloudFormation: not authorized to perform: cloudformation:CreateStack");
    }

    @Test
    void a_machine_has_nothing_to_install() {
        int code = Cumulane.run(
                terminal.console(),
                new String[] {"remove", "--yes"},
                () -> LocalCloud.at(directory.resolve("state")),
                () -> List.of(SHOP),
                engine -> engine);

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("nothing has to be installed in state directory");
    }

    @Test
    void plan_tells_what_deploy_would_change() {
        assertThat(type("plan", "--changes")).isEqualTo(ExitCode.SUCCESS);
        installer.changes = List.of(
                new Installer.Change(
                        Installer.Change.Kind.ADDED,
                        "IAM role shop-ci-engine may lambda:UpdateAlias on function:shop-api"),
                new Installer.Change(Installer.Change.Kind.CHANGED, "SQS queue shop-ci-signals: VisibilityTimeout"),
                new Installer.Change(Installer.Change.Kind.REMOVED, "Lambda function shop-ci-worker-trusted"));
        type("plan", "--changes");
        type("plan", "--changes", "--json");

        assertThat(terminal.out().lines())
                .containsExactly(
                        "no change: stack shop-ci in eu-west-1",
                        "+ IAM role shop-ci-engine may lambda:UpdateAlias on function:shop-api",
                        "~ SQS queue shop-ci-signals: VisibilityTimeout",
                        "- Lambda function shop-ci-worker-trusted",
                        "{\"change\":\"added\",\"what\":\"IAM role shop-ci-engine may lambda:UpdateAlias on function:shop-api\"}",
                        "{\"change\":\"changed\",\"what\":\"SQS queue shop-ci-signals: VisibilityTimeout\"}",
                        "{\"change\":\"removed\",\"what\":\"Lambda function shop-ci-worker-trusted\"}");
        assertThat(type("plan", "shop", "--changes")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void remove_names_everything_and_asks_before_it_deletes() {
        installer.installed = true;

        assertThat(answering("no\n", "remove")).isEqualTo(ExitCode.USAGE);
        assertThat(answering("", "remove")).isEqualTo(ExitCode.USAGE);
        assertThat(installer.calls).isEmpty();
        assertThat(terminal.errLines())
                .containsExactly("error: nobody answers; add --yes to delete without being asked");

        assertThat(answering("yes\n", "remove")).isEqualTo(ExitCode.SUCCESS);
        assertThat(installer.calls).containsExactly("remove");
        assertThat(terminal.out())
                .contains(
                        "  S3 bucket shop-ci-1   (its data is lost)\n",
                        "  SQS queue: shop-ci-signals\n",
                        "nothing was deleted\n")
                .endsWith("  deleting stack shop-ci\nremoved: stack shop-ci in eu-west-1\n");
    }

    @Test
    void remove_does_not_ask_with_yes_and_finds_nothing_the_second_time() {
        installer.installed = true;

        assertThat(type("remove", "--json")).isEqualTo(ExitCode.USAGE);
        assertThat(type("remove", "--json", "--yes")).isEqualTo(ExitCode.SUCCESS);
        assertThat(type("remove", "--yes")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out().lines())
                .containsExactly(
                        "{\"removed\":[\"S3 bucket shop-ci-1\",\"SQS queue: shop-ci-signals\"]}",
                        "nothing is installed: stack shop-ci in eu-west-1");
    }
}
