// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.internal.people.Visitors;
import java.util.Optional;
import java.util.SortedMap;

/** Takes the token of the pages, and has the browser keep that it was told it, in a cookie that no script reads and that the token cannot be read from. */
final class SignIn {
    private final Visitors visitors;
    private final Origins origins;
    private final boolean isSecure;

    /**
     * Signing in.
     *
     * @param isSecure whether people reach the pages by HTTPS alone
     */
    SignIn(Visitors visitors, Origins origins, boolean isSecure) {
        this.visitors = visitors;
        this.origins = origins;
        this.isSecure = isSecure;
    }

    /** Asks for the token instead of showing a page, and leads to that page afterwards. */
    HttpAnswer ask(Asked asked) {
        String query = asked.request().query();
        String wanted = asked.request().path() + (query.isEmpty() ? "" : "?" + query);
        return page(401, asked.isPost() ? "/" : wanted, Optional.empty());
    }

    HttpAnswer answer(Asked asked) {
        if (!asked.isPost()) {
            return page(200, "/", Optional.empty());
        }
        origins.check(asked.request());
        SortedMap<String, String> form = asked.form();
        String token = form.getOrDefault("token", "").strip();
        String wanted = form.getOrDefault("wanted", "/");
        Optional<String> session = visitors.isToken(token) ? visitors.session() : Optional.empty();
        if (session.isEmpty()) {
            return page(401, wanted, Optional.of("This is not the token."));
        }
        return Answers.seeOther(address(wanted))
                .with(
                        "set-cookie",
                        Visitors.COOKIE + "=" + session.get() + "; Path=/; Max-Age=" + Visitors.SESSION.toSeconds()
                                + "; HttpOnly; SameSite=Lax"
                                + (isSecure ? "; Secure" : ""));
    }

    private static Address address(String wanted) {
        try {
            return wanted.startsWith("/") ? new Address(wanted) : Address.ours();
        } catch (IllegalArgumentException e) {
            return Address.ours();
        }
    }

    private static HttpAnswer page(int status, String wanted, Optional<String> said) {
        Html form = Tag.FORM
                .cls("decision")
                .with(Attr.METHOD, "post")
                .to(Address.ours("sign-in"))
                .of(
                        Tag.INPUT
                                .of()
                                .with(Attr.TYPE, "hidden")
                                .with(Attr.NAME, "wanted")
                                .with(Attr.VALUE, address(wanted).text()),
                        Tag.LABEL.of("Token").with(Attr.FOR, "token"),
                        Tag.INPUT
                                .of()
                                .with(Attr.TYPE, "password")
                                .with(Attr.ID, "token")
                                .with(Attr.NAME, "token")
                                .with(Attr.AUTOCOMPLETE, "current-password")
                                .with(Attr.REQUIRED),
                        Tag.BUTTON
                                .of("Show the pages")
                                .with(Attr.TYPE, "submit")
                                .with(Attr.CLASS, "button"));
        Frame.Page page = new Frame.Page(
                "Sign in",
                Frame.Place.NONE,
                Tag.H1.of("These pages ask for their token"),
                Html.of(said.map(
                        line -> Tag.P.cls("said bad").with(Attr.ROLE, "alert").of(line))),
                form);
        return Answers.html(status, Frame.document(page, Optional.empty()));
    }
}
