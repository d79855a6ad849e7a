include(GoogleTest)

# cleangate_test(name SOURCES files... LIBS libs...): one GoogleTest executable, its cases registered with ctest one by one.
# A test that needs ../shared/media or a tool calls GTEST_SKIP() with the reason; ctest counts it as skipped.
function(cleangate_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE cleangate_flags cleangate_test_support ${ARG_LIBS} GTest::gmock GTest::gtest GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} TEST_PREFIX ${name}/ DISCOVERY_TIMEOUT 120 DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES PROPERTIES TIMEOUT 300)
endfunction()
