package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided on is what is forwarded: a policy on {@code /admin} meets every spelling of it that the origin could ever see. */
class PathsIT {

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.with();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void forget() {
        scene.origin.forget();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin",
                "/admin/",
                "/admin?x=/public",
                "/admin/users",
                "/%61dmin",
                "/%61%64%6d%69%6e",
                "/%61%64%6D%69%6E",
                "//admin",
                "///admin//users",
                "/./admin",
                "/%2e/admin",
                "/public/../admin",
                "/public/%2e%2e/admin",
                "/public/%2E./admin/users",
                "/public/./../admin",
                "/public//../admin",
                "/admin/.",
                "/admin/x/..",
                "/a/b/../../admin",
                "http://gw.test/admin",
                "http://GW.test/%61dmin",
                "http://gw.test//admin"
            })
    void aPolicyMeetsEverySpelling(String target) {
        RawResponse response = scene.ask("GET " + target);
        assertThat(response.status()).as(target).isEqualTo(403);
        assertThat(response.header("esper-mitigated")).isEqualTo("block");
        assertThat(scene.origin.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin;x=1",
                "/;/admin",
                "/public/..;/admin",
                "/%2fadmin",
                "/public%2f..%2fadmin",
                "/public/..%2fadmin",
                "/%5cadmin",
                "/\\admin",
                "/public/..\\admin",
                "/%2561dmin",
                "/%252e%252e/admin",
                "/admin%00",
                "/admin%00.html",
                "/%c0%aeadmin",
                "/%c1%a1dmin",
                "/%u0061dmin",
                "/admin.",
                "/admin%20",
                "/admin%09",
                "/admin%2e",
                "/../admin",
                "/a/../../admin",
                "/admin%",
                "/admin%4",
                "/admin#x",
                "admin",
                "*/admin",
                "http://other.test/admin",
                "ftp://gw.test/admin"
            })
    void aSpellingThatOriginsReadDifferentlyIsRefused(String target) {
        RawResponse response = scene.ask("GET " + target);
        assertThat(response.status()).as(target).isEqualTo(400);
        assertThat(scene.origin.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/plain,                  /plain",
        "/Admin,                  /Admin",
        "/administrator,          /administrator",
        "/a/./b/../c,             /a/c",
        "//a///b/,                /a/b/",
        "/%7euser,                /~user",
        "/caf%c3%a9,              /caf%C3%A9",
        "/a%20b,                  /a%20b",
        "/x%23y,                  /x%23y",
        "/x%3fy,                  /x%3Fy",
        "/x?a=%2e%2e/../;b=%00,   /x?a=%2e%2e/../;b=%00",
        "/x?,                     /x?",
        "/x??y=?,                 /x??y=?",
        "/.well-known/x,          /.well-known/x",
        "/a...b/..c,              /a...b/..c",
        "http://gw.test,          /",
        "http://gw.test?q,        /?q",
        "http://gw.test:80/p,     /p",
        "HTTP://gw.test/p?x#,     ''"
    })
    void whatIsForwardedIsWhatWasDecidedOn(String target, String forwarded) {
        RawResponse response = scene.ask("GET " + target);
        if (forwarded.isEmpty()) {
            assertThat(response.status()).isEqualTo(400);
        } else {
            assertThat(response.bodyText()).isEqualTo("GET " + forwarded + "\n");
            assertThat(scene.origin.onlyRequest().target()).isEqualTo(forwarded);
            assertThat(scene.ask("GET " + forwarded).bodyText()).isEqualTo("GET " + forwarded + "\n");
        }
    }
}
