package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParametersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            emptyValue = "",
            value = {
                "a=1 a=1",
                "a=1&b=2&a=3 a=1|b=2|a=3",
                "a a=",
                "a= a=",
                "=1 =1",
                "= =",
                "a=b=c a=b=c",
                "a=1&&b=2& a=1|b=2",
                "&&& -",
                "a=1;b=2 a=1;b=2",
                "a=%41%c3%a9 a=Aé",
                "%61=1 a=1",
                "a%3Db=%26 a=b=&",
                "a=b+c a=b_c",
                "a=b%20c a=b_c",
                "a+b=1 a_b=1",
                "a=%2B a=+",
                "a=%zz a=%zz",
                "a=%4 a=%4",
                "a=% a=%",
                "a=%%41 a=%A",
                "a=%2541 a=%41",
                "a=1%4&b=1 a=1%4|b=1",
                "%=1 %=1",
                "a=%C0%AF a=\uFFFD\uFFFD",
                "a[]=1&a[b]=2 a[]=1|a[b]=2",
                "?a=1 ?a=1",
            })
    void readsNamesAndValues(String raw, String expected) {
        QueryParameters query = QueryParameters.parse(raw);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < query.size(); i++) {
            seen.add((query.name(i) + "=" + query.value(i)).replace(' ', '_'));
        }
        assertThat(seen).isEqualTo(expected == null ? List.of() : List.of(expected.split("\\|")));
    }

    @Test
    void answersFirstLastAndAll() {
        QueryParameters query = QueryParameters.parse("a=1&b=x&%61=2&a");
        assertThat(query.first("a")).isEqualTo("1");
        assertThat(query.last("a")).isEmpty();
        assertThat(query.all("a")).containsExactly("1", "2", "");
        assertThat(query.first("A")).isNull();
        assertThat(query.last("c")).isNull();
        assertThat(query.all("c")).isEmpty();
        assertThat(query.first("%61")).isNull();
    }

    @Test
    void anAbsentQueryHasNoParameters() {
        assertThat(QueryParameters.parse(null).size()).isZero();
        assertThat(QueryParameters.parse("").size()).isZero();
    }

    @Test
    void keepsABoundedNumberOfParameters() {
        QueryParameters query = QueryParameters.parse(String.join("&", Collections.nCopies(10_000, "a=1")));
        assertThat(query.size()).isEqualTo(QueryParameters.MAX_PARAMETERS);
        assertThat(query.truncated()).isTrue();
        QueryParameters full = QueryParameters.parse(String.join("&", Collections.nCopies(1_000, "a=1")) + "&&");
        assertThat(full.size()).isEqualTo(1_000);
        assertThat(full.truncated()).isFalse();
        assertThat(QueryParameters.parse("a&b&c", 2).last("b")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                "p=1 -",
                "p -",
                "p= -",
                "p=1&p=2 -",
                "%70=1 -",
                "p=1&a=2 a=2",
                "a=2&p=1 a=2",
                "a=2&p=1&b=3 a=2&b=3",
                "p=1&a=2&p=3&b=4&p a=2&b=4",
                "a=%zz&p=1&b=+%2f a=%zz&b=+%2f",
                "a=1&%70=x&b=2 a=1&b=2",
                "a=1&&p=x&b=2 a=1&&b=2",
                "&p=1 ''",
                "p=1& ''",
                "&p=1& &",
                "a&p&& a&&",
                "p&&a &a",
                "pp=1&p=2&p2=3 pp=1&p2=3",
                "P=1&p=2 P=1",
                "a=p&p=a a=p",
                "p%3D=1&p=2 p%3D=1",
                "p=1%26p=2 -",
                "p;a=1&p=2 p;a=1",
                "p+=1&p=2 p+=1",
            })
    void removesEveryParameterOfAName(String raw, String expected) {
        assertThat(QueryParameters.without(raw, "p")).isEqualTo(expected);
    }

    @Test
    void removingByNameMeetsEveryEncodingOfIt() {
        Random random = new Random(3986);
        String name = "esper_challenge_proof";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder spelled = new StringBuilder();
            for (char c : name.toCharArray()) {
                String hex = Integer.toHexString(c);
                switch (random.nextInt(3)) {
                    case 0 -> spelled.append(c);
                    case 1 -> spelled.append('%').append(hex);
                    default -> spelled.append('%').append(hex.toUpperCase(Locale.ROOT));
                }
            }
            String raw = "a=1&" + spelled + "=secret&b=%2F";
            assertThat(QueryParameters.without(raw, name)).isEqualTo("a=1&b=%2F");
            assertThat(QueryParameters.parse(raw).first(name)).isEqualTo("secret");
        }
    }

    @Test
    void removingNothingIsTheSameInstance() {
        String raw = "a=1&&b=%zz&";
        assertThat(QueryParameters.without(raw, "p")).isSameAs(raw);
        assertThat(QueryParameters.without(null, "p")).isNull();
        assertThat(QueryParameters.without("", "p")).isEmpty();
    }

    @Test
    void removesBeyondTheBound() {
        String dummies = String.join("&", Collections.nCopies(5_000, "a=1"));
        assertThat(QueryParameters.without(dummies + "&p=1", "p")).isEqualTo(dummies);
    }
}
