// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Headline;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Happening;
import dev.cumulane.source.Repository;
import dev.cumulane.source.WebhookRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every forge tells the same story in its own words, and it is read as the same story. */
class WebhooksTest {
    private static final String MAIN_HEAD = "4f1c2ab0".repeat(5);
    private static final String CHANGE_HEAD = "9e107d9d".repeat(5);
    private static final List<String> PATHS = List.of("docs/rounding.md", "src/Total.java");

    @ParameterizedTest
    @EnumSource
    void aPushToTheProtectedBranchIsTrusted(Sender sender) {
        Happening.Head head = (Happening.Head) only(sender, Sample.PUSH);
        SourceEvent.Pushed pushed = (SourceEvent.Pushed) head.event();

        assertThat(pushed.commit()).isEqualTo(commit(sender, "refs/heads/main", MAIN_HEAD));
        assertThat(pushed.by()).isEqualTo("ada");
        assertThat(pushed.trust()).isEqualTo(TrustLevel.TRUSTED);
        assertThat(pushed.changed()).isEqualTo(tellsPaths(sender) ? Optional.of(PATHS) : Optional.empty());
        assertThat(pushed.headline().map(Headline::title).orElse(""))
                .isEqualTo(sender == Sender.BITBUCKET_DATA_CENTER ? "" : "Fix rounding");
        assertThat(head.skip()).isFalse();
        assertThat(head.draft()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aTagIsTheCommitThatItNamesAndNotTrustedUnlessItIsProtected(Sender sender) {
        SourceEvent event = ((Happening.Head) only(sender, Sample.TAG)).event();

        assertThat(event.commit()).isEqualTo(commit(sender, "refs/tags/v1.2", MAIN_HEAD));
        assertThat(event.trust()).isEqualTo(TrustLevel.INTERNAL);
        assertThat(event.changed()).isEmpty();

        Repository repository = sender.repository().protectingTags("v*");
        Reading again = Webhooks.read(repository, delivery(sender, Sample.TAG), Sample.TAG.body(sender));
        assertThat(((Happening.Head) ((Reading.Told) again).happenings().get(0))
                        .event()
                        .trust())
                .isEqualTo(TrustLevel.TRUSTED);
    }

    @ParameterizedTest
    @EnumSource
    void aDeletedBranchIsNothing(Sender sender) {
        assertThat(read(sender, Sample.BRANCH_DELETED))
                .isEqualTo(new Reading.Nothing("a push that leaves no branch or tag behind"));
    }

    @ParameterizedTest
    @EnumSource
    void aChangeRequestFromAForkIsUntrusted(Sender sender) {
        Happening happening = only(sender, Sample.CHANGE_FROM_FORK);

        if (sender == Sender.BITBUCKET_CLOUD) {
            assertThat(happening).isEqualTo(new Happening.Hinted("17"));
            return;
        }
        SourceEvent.ChangeProposed proposed = (SourceEvent.ChangeProposed) ((Happening.Head) happening).event();
        assertThat(proposed.commit()).isEqualTo(commit(sender, changeRef(sender), CHANGE_HEAD));
        assertThat(proposed.target()).isEqualTo("main");
        assertThat(proposed.change()).isEqualTo("17");
        assertThat(proposed.by()).isEqualTo("grace");
        assertThat(proposed.trust()).isEqualTo(TrustLevel.UNTRUSTED);
        assertThat(proposed.headline().map(Headline::title)).contains("Round half up");
    }

    @ParameterizedTest
    @EnumSource
    void aChangeRequestOfTheSameRepositoryIsInternalEvenWithLabelsThatAskForMore(Sender sender) {
        if (sender.forge() == Forge.AZURE_REPOS) {
            assertThat(only(sender, Sample.CHANGE_UPDATED)).isEqualTo(new Happening.Hinted("17"));
            return;
        }
        Happening happening = sender == Sender.BITBUCKET_CLOUD
                ? only(sender.read("pullrequest:updated", Sample.bytes("bitbucket-cloud/change-in-full")))
                : only(sender, Sample.CHANGE_UPDATED);

        Happening.Head head = (Happening.Head) happening;
        assertThat(head.event().trust()).isEqualTo(TrustLevel.INTERNAL);
        assertThat(head.event().commit().id()).isEqualTo(CHANGE_HEAD);
        assertThat(head.draft()).isTrue();
        assertThat(head.skip()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"GITHUB", "FORGEJO", "BITBUCKET_CLOUD", "BITBUCKET_DATA_CENTER"})
    void whoOpenedAChangeRequestIsAnAuthorOfWhatSomebodyElseUpdates(Sender sender) throws IOException {
        byte[] sample = sender == Sender.BITBUCKET_CLOUD
                ? Sample.bytes("bitbucket-cloud/change-in-full")
                : Sample.CHANGE_UPDATED.body(sender);
        ObjectNode body = (ObjectNode) new ObjectMapper().readTree(sample);
        String actor = body.has("actor") ? "actor" : "sender";
        ((ObjectNode) body.path(actor)).put("login", "ada").put("name", "ada").put("nickname", "ada");

        Happening happening = only(sender.read(Sample.CHANGE_UPDATED.event(sender), bytes(body.toString())));

        assertThat(((Happening.Head) happening).event().authors()).containsExactly("ada", "grace");
    }

    @ParameterizedTest
    @EnumSource
    void anEndedChangeRequestWasMergedOrDeclined(Sender sender) {
        Optional<Commit> head = sender == Sender.BITBUCKET_CLOUD
                ? Optional.empty()
                : Optional.of(commit(sender, changeRef(sender), CHANGE_HEAD));

        assertThat(only(sender, Sample.CHANGE_MERGED)).isEqualTo(new Happening.Closed("17", head, "main", "ada", true));
        assertThat(only(sender, Sample.CHANGE_DECLINED))
                .isEqualTo(new Happening.Closed("17", head, "main", "ada", false));
    }

    @ParameterizedTest
    @EnumSource
    void aLabelAReviewOrAnAttemptIsNothing(Sender sender) {
        assertThat(read(sender, Sample.CHANGE_LABELED)).isInstanceOf(Reading.Nothing.class);
    }

    @ParameterizedTest
    @EnumSource
    void ofACommentTheCommandsAreReadAndQuotedOnesAreNot(Sender sender) {
        Happening.Commented comment = (Happening.Commented) only(sender, Sample.COMMENT);

        assertThat(comment.change()).isEqualTo("17");
        assertThat(comment.commands()).containsExactly("/retest");
        assertThat(comment.by()).isEqualTo(sender == Sender.BITBUCKET_CLOUD ? "557058:linus" : "linus");
        assertThat(comment.association()).isEqualTo(sender == Sender.GITHUB ? Optional.of("MEMBER") : Optional.empty());
        boolean tellsHead = sender.forge() != Forge.GITHUB
                && sender.forge() != Forge.GITEA
                && sender.forge() != Forge.FORGEJO
                && sender.forge() != Forge.BITBUCKET_CLOUD;
        assertThat(comment.head())
                .isEqualTo(tellsHead ? Optional.of(commit(sender, changeRef(sender), CHANGE_HEAD)) : Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void aCommentWithoutACommandIsNothing(Sender sender) {
        byte[] body = bytes(Sample.COMMENT.text(sender).replace("\\n/retest\\n", "\\n /retest\\n"));

        assertThat(sender.read(Sample.COMMENT.event(sender), body))
                .isEqualTo(new Reading.Nothing("a comment without a command"));
    }

    @ParameterizedTest
    @EnumSource
    void theAuthorOfAPushMayAskForNoRun(Sender sender) {
        byte[] body = bytes(Sample.PUSH.text(sender).replace("were a cent off.", "were off. [Skip CI]"));

        Happening.Head head = (Happening.Head) only(sender.read(Sample.PUSH.event(sender), body));
        assertThat(head.skip()).isEqualTo(sender != Sender.BITBUCKET_DATA_CENTER);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BITBUCKET_CLOUD")
    void theTitleOfAChangeRequestCannotCallItsRunOff(Sender sender) {
        byte[] body = bytes(Sample.CHANGE_FROM_FORK.text(sender).replace("Round half up", "Round [skip ci]"));

        Happening.Head head = (Happening.Head) only(sender.read(Sample.CHANGE_FROM_FORK.event(sender), body));
        assertThat(head.skip()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAboutAnotherRepositoryIsNothing(Sender sender) {
        byte[] body =
                bytes(Sample.PUSH.text(sender).replace("\"shop\"", "\"till\"").replace("acme/shop", "acme/till"));

        assertThat(sender.read(Sample.PUSH.event(sender), body))
                .isInstanceOfSatisfying(
                        Reading.Nothing.class,
                        nothing -> assertThat(nothing.why()).contains("/till'").contains("acme/shop'"));
    }

    @ParameterizedTest
    @EnumSource
    void aDeliveryIsNamedByTheForgesIdAndByItsBody(Sender sender) {
        byte[] body = Sample.PUSH.body(sender);
        Delivery delivery = delivery(sender, Sample.PUSH);

        assertThat(delivery.repository()).isEqualTo("shop");
        assertThat(delivery.body()).isEqualTo(Digest.of(body));
        assertThat(delivery.id())
                .isEqualTo(
                        sender.forge() == Forge.AZURE_REPOS
                                ? "sha256:" + Digest.of(body).hex()
                                : Sender.ID);
        assertThat(delivery(sender, Sample.PUSH)).isEqualTo(delivery);
    }

    @ParameterizedTest
    @EnumSource
    void eitherOfTwoSecretsIsEnoughWhileOneTakesTheOthersPlace(Sender sender) {
        byte[] body = Sample.PUSH.body(sender);
        for (int used : sender == Sender.STANDARD_PUBLIC ? new int[] {1} : new int[] {1, 2}) {
            WebhookRequest request = sender.request(Sample.PUSH.event(sender), body, used, Sender.NOW);
            assertThat(Webhooks.verify(sender.repository(), request, sender.secrets(1, 2), Sender.NOW))
                    .isInstanceOf(Verification.Authentic.class);
            assertThat(Webhooks.verify(sender.repository(), request, sender.secrets(3 - used), Sender.NOW))
                    .isInstanceOf(
                            sender == Sender.STANDARD_PUBLIC
                                    ? Verification.Authentic.class
                                    : Verification.Refused.class);
        }
    }

    @Test
    void aPingIsNothing() {
        assertThat(Sender.GITHUB.read("ping", Sample.bytes("github/ping")))
                .isEqualTo(new Reading.Nothing("an event of kind ping"));
        assertThat(Sender.BITBUCKET_DATA_CENTER.read("diagnostics:ping", Sample.bytes("bitbucket-data-center/ping")))
                .isEqualTo(new Reading.Nothing("it names no repository"));
    }

    @Test
    void gitHubsOwnExampleOfASignatureIsAccepted() {
        WebhookRequest request = WebhookRequest.of(
                "POST",
                "shop",
                Map.of(
                        "X-Hub-Signature-256",
                        List.of("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")),
                bytes("Hello, World!"));
        WebhookSecret secret = WebhookSecret.of("hook", bytes("It's a Secret to Everybody"));

        assertThat(Webhooks.verify(Sender.GITHUB.repository(), request, List.of(secret), Sender.NOW))
                .isInstanceOf(Verification.Authentic.class);
    }

    @Test
    void aHookThatSendsFormsIsToldHowToBeSetRight() {
        byte[] form = bytes("payload=%7B%22ref%22%3A%22refs%2Fheads%2Fmain%22%7D");

        assertThat(Sender.GITHUB.read("push", form))
                .isEqualTo(new Reading.Malformed(
                        "the hook sends a form; in its settings, choose the content type application/json"));
    }

    @Test
    void pathsAreUnknownWhenTheBodyDoesNotTellAllOfThem() {
        String push = Sample.PUSH.text(Sender.GITHUB);
        for (String other : List.of(
                push.replace("\"forced\": false", "\"forced\": true"),
                push.replace("\"created\": false", "\"created\": true"),
                push.replace("\"modified\": [", "\"other\": [").replace("\"added\": [", "\"another\": ["))) {
            assertThat(other).isNotEqualTo(push);
            Happening.Head head = (Happening.Head) only(Sender.GITHUB.read("push", bytes(other)));
            assertThat(head.event().changed()).isEmpty();
        }
        String cut = Sample.PUSH
                .text(Sender.GITLAB_TOKEN)
                .replace("\"total_commits_count\": 1", "\"total_commits_count\": 21");
        assertThat(((Happening.Head) only(Sender.GITLAB_TOKEN.read("", bytes(cut))))
                        .event()
                        .changed())
                .isEmpty();
    }

    @Test
    void whileGitLabMovesToSigningASignatureThatIsThereAloneDecides() {
        byte[] body = Sample.PUSH.body(Sender.GITLAB_SIGNED);
        List<WebhookSecret> both = List.of(
                Sender.GITLAB_TOKEN.secrets(1).get(0),
                Sender.GITLAB_SIGNED.secrets(1).get(0));
        Repository repository = Sender.GITLAB_SIGNED.repository();
        WebhookRequest byToken = Sender.GITLAB_TOKEN.request("", body);
        WebhookRequest signed = Sender.GITLAB_SIGNED.request("", body);
        WebhookRequest badlySigned = Sender.with(
                Sender.with(signed, "webhook-signature", "v1,AAAA"), "X-Gitlab-Token", Sender.GITLAB_TOKEN.secret(1));

        assertThat(Webhooks.verify(repository, byToken, both, Sender.NOW)).isInstanceOf(Verification.Authentic.class);
        assertThat(Webhooks.verify(repository, signed, both, Sender.NOW)).isInstanceOf(Verification.Authentic.class);
        assertThat(Webhooks.verify(repository, badlySigned, both, Sender.NOW)).isInstanceOf(Verification.Refused.class);
        assertThat(Webhooks.verify(repository, byToken, Sender.GITLAB_SIGNED.secrets(1), Sender.NOW))
                .isInstanceOf(Verification.Refused.class);
    }

    private static boolean tellsPaths(Sender sender) {
        return switch (sender.forge()) {
            case GITHUB, GITLAB, GITEA, FORGEJO, STANDARD_WEBHOOKS -> true;
            case BITBUCKET_CLOUD, BITBUCKET_DATA_CENTER, AZURE_REPOS -> false;
        };
    }

    private static String changeRef(Sender sender) {
        return switch (sender.forge()) {
            case GITHUB, GITEA, FORGEJO -> "refs/pull/17/head";
            case GITLAB -> "refs/merge-requests/17/head";
            case BITBUCKET_CLOUD -> "refs/heads/rounding";
            case BITBUCKET_DATA_CENTER -> "refs/pull-requests/17/from";
            case AZURE_REPOS -> "refs/pull/17/merge";
            case STANDARD_WEBHOOKS -> "refs/changes/17/head";
        };
    }

    private static Commit commit(Sender sender, String ref, String id) {
        return new Commit(sender.repository().url(), ref, id);
    }

    private static Delivery delivery(Sender sender, Sample sample) {
        WebhookRequest request = sender.request(sample.event(sender), sample.body(sender));
        return ((Verification.Authentic) sender.verify(request)).delivery();
    }

    private static Reading read(Sender sender, Sample sample) {
        return sender.read(sample.event(sender), sample.body(sender));
    }

    private static Happening only(Sender sender, Sample sample) {
        return only(read(sender, sample));
    }

    private static Happening only(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Told.class);
        assertThat(((Reading.Told) reading).happenings()).hasSize(1);
        return ((Reading.Told) reading).happenings().get(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
